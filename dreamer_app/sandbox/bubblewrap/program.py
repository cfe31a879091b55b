"""The bubblewrap of this computer: whether it really works here, and running one sealed command to its end.

Having the program is not enough: some systems forbid what it needs. So it is tried out, never only looked for.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.bubblewrap import confinement
from dreamer_app.sandbox.bubblewrap.filter import UnknownRuleError, compiled

PROBE_SECONDS = 20.0
FIX = "Install it: `sudo apt-get install bubblewrap`."
FORBIDDEN = "Allow user namespaces to bubblewrap on this system, or install Docker."


def unprivileged() -> dict[str, Any]:
    """Options for starting a program as nobody when we are root: inside, no one may be root of this computer."""
    if os.geteuid() != 0:
        return {}
    return {"user": confinement.USER, "group": confinement.USER, "extra_groups": []}


@dataclass(frozen=True)
class Program:
    """A bubblewrap that works.

    Attributes:
        path: Of the program.
        version: As it says it.
        bpf: The compiled system-call filter.
    """

    path: str
    version: str
    bpf: bytes

    @classmethod
    def find(cls) -> Program:
        """Try it out.

        Raises:
            InfrastructureError: It is not there, or cannot do here what is needed; the hint says what mends it.
        """
        path = shutil.which("bwrap")
        if path is None or sys.platform != "linux":
            raise InfrastructureError("No bubblewrap", f"bwrap is not installed ({sys.platform})", FIX)
        try:
            bpf = compiled(platform.machine())
            version = _output([path, "--version"])
            _output([path, "--unshare-all", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--proc", "/proc", "true"])
        except (UnknownRuleError, OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise InfrastructureError("Bubblewrap does not work here", said.strip()[:300], FORBIDDEN) from error
        return cls(path, version.split()[-1], bpf)

    def start(
        self,
        rootfs: Path,
        binds: Mapping[Path, str],
        inner: Sequence[str],
        workers: WorkerSettings,
        **streams: Any,
    ) -> subprocess.Popen[bytes]:
        """Start Python inside; it dies with the thread that calls this, so that must be one that stays.

        Raises:
            OSError: It cannot be started.
        """
        with ExitStack() as stack:
            reading, writing = os.pipe()  # a pipe holds the filter whole: it is under 4 kB of 64
            stack.callback(os.close, reading)
            try:
                os.write(writing, self.bpf)
            finally:
                os.close(writing)
            line = confinement.command(
                program=self.path, rootfs=rootfs, binds=binds, inner=inner, workers=workers, filter_fd=reading
            )
            return subprocess.Popen(line, pass_fds=(reading,), env={}, cwd="/", **streams, **unprivileged())

    def run_once(
        self, rootfs: Path, binds: Mapping[Path, str], inner: Sequence[str], workers: WorkerSettings, seconds: float
    ) -> tuple[int, bytes]:
        """Run Python inside to its end: exit status and output.

        Raises:
            InfrastructureError: It cannot be started, or time is up.
        """
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        try:
            with self.start(rootfs, binds, inner, workers, **streams) as running:
                try:
                    output, _ = running.communicate(timeout=seconds)
                finally:
                    running.kill()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InfrastructureError("A sealed command could not be run", str(error)[:300], FORBIDDEN) from error
        return running.returncode, output


def _output(line: Sequence[str]) -> str:
    done = subprocess.run(
        line, capture_output=True, text=True, timeout=PROBE_SECONDS, check=True, cwd="/", env={"PATH": os.defpath},
        **unprivileged(),
    )  # fmt: skip
    return str(done.stdout)
