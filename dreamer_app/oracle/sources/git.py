"""`git+URL[@REF]`: a shallow clone that is read and thrown away.

No hook, filter, submodule or credential prompt of the repository or the machine takes part; only the transports that
fetch over a network or from a local path are allowed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dreamer_app.core.errors import SourceError, UsageError
from dreamer_app.oracle.sources import folder
from dreamer_app.oracle.sources.source import Located, SourceFiles

TIMEOUT = 300.0
"""Seconds for a shallow clone."""
_ADDRESS = re.compile(r"^(?P<url>(?:https?|ssh|git|file)://.+?)(?:@(?P<ref>[A-Za-z0-9][\w./-]*))?$")
_SEALED = (
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.fsmonitor=false",
    "-c", "core.symlinks=false",
    "-c", "protocol.ext.allow=never",
    "-c", "filter.lfs.smudge=",
    "-c", "filter.lfs.process=",
    "-c", "filter.lfs.required=false",
    "-c", "credential.helper=",
)  # fmt: skip


def parse_address(text: str) -> tuple[str, str | None]:
    """URL and reference of `URL` or `URL@REF`.

    Raises:
        UsageError: It is not an address that is cloned.
    """
    match = _ADDRESS.match(text.strip())
    if match is None or "::" in text:
        raise UsageError("Not a repository", f"`git+{text}` is not a git address", "Write git+https://HOST/PATH[@REF].")
    url, ref = match["url"], match["ref"]
    if ref is not None and url.count("/") < 3:  # user@host, not a reference
        url, ref = text.strip(), None
    return url, ref


def locate(
    text: str, *, scratch: Path, limit_mb: int, known: Mapping[str, tuple[str, str, str]] | None = None
) -> Located:
    """Find what a repository holds now; clone it unless it is known. Blocking.

    Args:
        text: The address.
        scratch: Where the clone lies while it is read.
        limit_mb: Largest size of all texts in MB.
        known: Library, version and commit by address, of what was read before.

    Raises:
        UsageError: Not an address.
        SourceError: git is missing, or the repository cannot be reached or read.
    """
    url, ref = parse_address(text)
    uri = f"git+{text}"
    commit = _commit(url, ref)
    before = (known or {}).get(uri)
    if before is not None and before[2] == commit:
        return Located(before[0], before[1], "git", uri, commit, lambda: _cloned(url, ref, scratch, limit_mb).read())
    found = _cloned(url, ref, scratch, limit_mb)
    return replace(found, uri=uri, fingerprint=commit)


def _commit(url: str, ref: str | None) -> str:
    answer = _git(["ls-remote", "--", url, ref or "HEAD"], url, timeout=60.0)
    lines = [line.split() for line in answer.splitlines() if line.strip()]
    if not lines:
        raise SourceError("No such branch or tag", f"{url} has no {ref or 'HEAD'}.", "Check the part after @.")
    return lines[-1][0] if ref and lines[-1][1].endswith("^{}") else lines[0][0]


def _cloned(url: str, ref: str | None, scratch: Path, limit_mb: int) -> Located:
    scratch.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="clone-", dir=scratch))
    try:
        name = re.sub(r"\.git$", "", url.rstrip("/").rpartition("/")[2]) or "repository"
        target = place / re.sub(r"[^\w.-]", "-", name)
        command = [
            "clone",
            "--quiet",
            "--depth",
            "1",
            "--no-tags",
            "--single-branch",
            "--template=",
            "--no-recurse-submodules",
        ]
        if ref is not None:
            command += ["--branch", ref]
        _git([*command, "--", url, str(target)], url, timeout=TIMEOUT)
        located = folder.locate(target, limit_mb=limit_mb, kind="git")
        files: SourceFiles = located.read()
        return replace(located, read=lambda: files)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _git(arguments: list[str], url: str, timeout: float) -> str:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in {"GIT_SSL_CAINFO"}
    }
    environment.update(GIT_TERMINAL_PROMPT="0", GIT_ASKPASS="", GIT_LFS_SKIP_SMUDGE="1", GIT_CONFIG_NOSYSTEM="1")
    environment.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=15")
    try:
        done = subprocess.run(
            ["git", *_SEALED, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except FileNotFoundError as error:
        raise SourceError("git is missing", f"{url} needs git.", "Install git, or ingest a folder.") from error
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            "The repository does not answer", f"{url}: no end after {timeout:.0f} s.", "Try again."
        ) from error
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[-300:]
        raise SourceError("The repository cannot be read", f"{url}: {reason}", "Check the address and the network.")
    return done.stdout
