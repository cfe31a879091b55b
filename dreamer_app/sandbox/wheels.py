"""Resolving and installing wheels with uv, shielded from everything that is configured on this machine for its user.

Only wheels: nothing that is downloaded is executed. Versions and digests are locked first and installed from the lock.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
import uv

from dreamer_app.core.errors import InfrastructureError, SourceError
from dreamer_app.core.paths import resource

INSTALL_SECONDS = 600
POLL_SECONDS = 0.1
KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "UV_CACHE_DIR", "XDG_CACHE_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR"}
PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
NEWEST_GLIBC = 40
"""The newest `manylinux_2_N` that uv knows; a newer C library runs wheels for an older one."""


class CancelledError(Exception):
    """The build was given up by whoever asked for it."""


def pinned_tools() -> tuple[str, ...]:
    """The test tools that every environment holds, as `name==version`."""
    lines = resource("worker/tools.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


class Wheels:
    """uv for one Python and platform.

    Args:
        python: Version of the worker's Python, e.g. `3.11`.
        platform: As uv names it, e.g. `x86_64-manylinux_2_36`.
        index: Address of a package index, empty for uv's own default.
    """

    def __init__(self, python: str, platform: str, index: str = "") -> None:
        self._python = python
        self._platform = _known_platform(platform)
        self._index = index

    def lock(self, wanted: Sequence[str], target: Path, cancelled: threading.Event) -> None:
        """Write exact versions and digests of everything that `wanted` needs.

        Args:
            wanted: Requirements.
            target: The lock to write; its input is written beside it.
            cancelled: Gives up as soon as it is set.

        Raises:
            SourceError: A package is unknown, or there are no wheels that fit.
            InfrastructureError: The index cannot be reached, the disk is full, uv failed or took too long.
            CancelledError: `cancelled` was set.
        """
        source = target.with_name("wanted.txt")
        source.write_text("".join(f"{line}\n" for line in wanted), encoding="utf-8")
        options = ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
        self._uv(["pip", "compile", *options, str(source), "-o", str(target)], wanted, cancelled)

    def install(self, lock: Path, target: Path, wanted: Sequence[str], cancelled: threading.Event) -> None:
        """Unpack what the lock names, digests checked, into a folder.

        Raises:
            SourceError: A digest is wrong.
            InfrastructureError: As for `lock`.
            CancelledError: `cancelled` was set.
        """
        # copies: with hard links, making the files read-only would change the cache of this machine's user
        options = ["--require-hashes", "--no-deps", "--link-mode", "copy"]
        self._uv(["pip", "install", *options, "--target", str(target), "-r", str(lock)], wanted, cancelled)

    def _uv(self, arguments: list[str], wanted: Sequence[str], cancelled: threading.Event) -> None:
        shared = ["--no-config", "--quiet", "--no-progress", "--only-binary", ":all:"]
        aim = ["--python-version", self._python, "--python-platform", self._platform]
        index = ["--default-index", self._index] if self._index else []
        command = [uv.find_uv_bin(), *arguments[:2], *shared, *aim, *index, *arguments[2:]]
        status, stderr = _run(command, cancelled)
        if status:
            raise failure(stderr, wanted)


def _known_platform(platform: str) -> str:
    match = re.fullmatch(r"(.+-manylinux_2_)(\d+)", platform)
    return f"{match[1]}{min(int(match[2]), NEWEST_GLIBC)}" if match else platform


def shielded(environment: Mapping[str, str]) -> dict[str, str]:
    """What uv may see of the environment: no extra indexes, no find-links, no other cache modes."""
    return {name: value for name, value in environment.items() if name in KEPT or name.upper() in PROXIES}


def _run(command: Sequence[str], cancelled: threading.Event) -> tuple[int, str]:
    child = subprocess.Popen(
        command, env=shielded(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _step_back(child.pid)
    deadline = time.monotonic() + INSTALL_SECONDS
    try:
        while True:
            try:
                _, stderr = child.communicate(timeout=POLL_SECONDS)
                return child.returncode, stderr.decode(errors="replace")
            except subprocess.TimeoutExpired as error:
                if cancelled.is_set():
                    raise CancelledError from error
                if time.monotonic() > deadline:
                    raise InfrastructureError(
                        "Installing took too long", f"no end after {INSTALL_SECONDS} s", "Check the network."
                    ) from error
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def _step_back(pid: int) -> None:
    """Installing is background work: last in line for the processor and the disk."""
    try:
        child = psutil.Process(pid)
        child.nice(19)
        if psutil.LINUX:
            child.ionice(psutil.IOPRIO_CLASS_IDLE)
    except psutil.Error:
        return


def failure(stderr: str, wanted: Sequence[str]) -> SourceError | InfrastructureError:
    """What uv said, as an error for people."""
    text = " ".join(stderr.split())[:800]
    named = ", ".join(wanted)
    kinds: tuple[tuple[str, type[SourceError | InfrastructureError], str, str], ...] = (
        (r"No space left|os error 28\b|Disk quota", InfrastructureError, "The disk is full", "Free some space."),
        (
            r"error sending request|Failed to fetch|dns error|connect error|timed out|client error",
            InfrastructureError,
            "The package index cannot be reached",
            "Check the network, or set oracle.index to an index that this computer may use.",
        ),
        (
            r"not found in the package registry",
            SourceError,
            "There is no such package",
            "Check the spelling of its name.",
        ),
        (r"there is no version of", SourceError, "There is no such version", "Choose a version that was released."),
        (
            r"no usable wheels|no `?--?no-build|building from source is disabled",
            SourceError,
            "There is only a source archive",
            "It would have to be built, which runs its code on your computer; that is never done.",
        ),
        (
            r"no wheels with a matching|no compatible|only found wheels",
            SourceError,
            "There is no wheel for the worker's Python",
            "Choose another version of the library.",
        ),
        (
            r"Hash mismatch|hash mismatch",
            SourceError,
            "A downloaded file is not the one that was locked",
            "Do not use this index until you know why.",
        ),
        (r"No solution found", SourceError, "These libraries do not go together", "Dream about them separately."),
    )
    for pattern, kind, title, hint in kinds:
        if re.search(pattern, text):
            return kind(title, f"{named}: {text}", hint)
    return InfrastructureError("Libraries cannot be installed", f"{named}: {text}", "Try again later.")
