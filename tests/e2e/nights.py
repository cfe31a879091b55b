"""Runs the real program as a person does, and looks at what it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-m", "dreamer_app"]
NIGHT_SECONDS = 900


def dreamer(*arguments: str | Path, base: Path, timeout: float = NIGHT_SECONDS) -> subprocess.CompletedProcess[str]:
    """Run a command with `--json` in a data folder of its own."""
    words = [str(argument) for argument in arguments]
    return subprocess.run(
        [*PROGRAM, *words, "--base-dir", str(base), "--json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def dreamer_json(*arguments: str | Path, base: Path) -> Any:
    """Run a command that must succeed and parse the one document that it prints."""
    result = dreamer(*arguments, base=base)
    assert result.returncode == 0, f"{arguments} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}"
    return json.loads(result.stdout)


def dream_folders(base: Path) -> list[Path]:
    """The folders of the dreams that are kept."""
    return sorted(path for path in (base / "synthetic_training").glob("dream_*") if path.is_dir())


def without_the_dreamer() -> dict[str, str]:
    """The environment of somebody who has never heard of The Dreamer."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "PYTEST", "DREAMER", "COVERAGE")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
