"""What a person copies into a report: versions, desktop, checks, the end of the log. No key, no name of a person.

Pure text out of facts; it is the caller who looks.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dreamer_app import __version__
from dreamer_app.core.checks import Check
from dreamer_app.core.states import Snapshot

PACKAGES = ("PySide6-Essentials", "qasync", "pydantic", "docker", "dbus-fast", "pynput", "openai", "networkx")
LOG_LINES = 40
_SECRET = re.compile(r"(?i)\b(sk-|ghp_|hf_|bearer\s+|api[_-]?key\W+|token\W+|password\W+)[^\s'\",;]+")


def report(
    checks: Sequence[Check], snapshot: Snapshot, log: Sequence[str], environ: Mapping[str, str] | None = None
) -> str:
    """The report as text.

    Args:
        checks: What `doctor` found.
        snapshot: How the program is.
        log: The last lines of its log.
        environ: Where the desktop is named.
    """
    environ = os.environ if environ is None else environ
    desktop = " / ".join(environ.get(name, "–") for name in ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"))
    lines = [
        f"The Dreamer {__version__}",
        f"Python {platform.python_version()} ({sys.platform}, {platform.machine()}), {platform.release()}",
        f"Desktop {desktop}",
        ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "",
        f"State: {snapshot.state}; reasons: {', '.join(snapshot.reasons) or 'none'}",
        f"Detail: {snapshot.detail or 'none'}",
        "",
        *(f"{check.state:8} {check.name}: {check.detail}" for check in checks),
        "",
        *log[-LOG_LINES:],
    ]
    return without_secrets("\n".join(lines), environ)


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """A text without keys, tokens and the name of the home folder."""
    home = environ.get("HOME") or str(Path.home())
    for name, value in environ.items():
        if len(value) >= 8 and any(word in name for word in ("KEY", "TOKEN", "SECRET", "PASSWORD")):
            text = text.replace(value, "…")
    return _SECRET.sub(lambda found: f"{found[1]}…", text).replace(home, "~") if len(home) > 1 else text


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
