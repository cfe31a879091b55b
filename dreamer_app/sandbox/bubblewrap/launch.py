"""Starting one worker under bubblewrap, and ending it: a process in namespaces of its own instead of a container.

What a worker may do is decided elsewhere (`confinement`). Pausing means ending: without a control group nothing else
stops a worker with all of its children in time; its job is run again.
"""

from __future__ import annotations

import itertools
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.bubblewrap import confinement
from dreamer_app.sandbox.bubblewrap.program import FORBIDDEN, Program
from dreamer_app.sandbox.docker.channel import Channel
from dreamer_app.sandbox.docker.sweep import NAME
from dreamer_app.sandbox.docker.wake_gate import WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import Environment

END_SECONDS = 5.0
"""How long the kernel may take to end a namespace; measured on a quiet machine: milliseconds."""


class BubblewrapLauncher:
    """Makes workers.

    Args:
        program: Bubblewrap.
        rootfs: The unpacked image.
        runner: The runner's folder.
        workers: Limits.

    Attributes:
        containers: The number of the outer process of every worker that has not ended, by name.
        changing: Empty: nobody waits for a start or an end here.
        gate: Looked at before a start.
    """

    def __init__(self, program: Program, rootfs: Path, runner: Path, workers: WorkerSettings) -> None:
        self.gate = WakeGate()
        self.containers: dict[str, str] = {}
        self.changing: set[str] = set()
        self._program = program
        self._rootfs = rootfs
        self._runner = runner
        self._workers = workers
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._numbers = itertools.count(1)

    async def launch(self, environment: Environment, also: Sequence[str] = ()) -> DockerWorker:
        """A ready worker. Started on the event loop's own thread, because it dies with the thread that starts it.

        Raises:
            InfrastructureError: It cannot be started, or a library cannot be imported.
            WorkerLostError: The worker did not come up.
        """
        self.gate.check(self.gate.generation)
        name = f"{NAME}{next(self._numbers)}"
        ours, theirs = socket.socketpair()
        binds = {self._runner: confinement.RUNNER_MOUNT, Path(environment.path): confinement.ENVIRONMENT_MOUNT}
        streams = {"stdin": theirs, "stdout": theirs, "stderr": subprocess.DEVNULL}
        try:
            running = self._program.start(self._rootfs, binds, confinement.SUPERVISOR, self._workers, **streams)
        except OSError as error:
            ours.close()
            raise InfrastructureError("A worker cannot be started", str(error)[:300], FORBIDDEN) from error
        finally:
            theirs.close()
        self._running[name], self.containers[name] = running, str(running.pid)
        channel = Channel(ours, multiplexed=False)
        return await DockerWorker.opened(name, channel, lambda: self.remove(name), environment, also)

    async def remove(self, name: str) -> None:
        """End a worker. Idempotent, never raises."""
        self.kill(name)
        self._running.pop(name, None)
        self.containers.pop(name, None)

    def pause(self, name: str) -> bool:
        """End a worker: whether nothing of it can work any more."""
        return self.kill(name)

    def unpause(self, name: str) -> bool:
        """Whether a worker goes on; one that was paused has ended."""
        return self.at_work(name)

    def kill(self, name: str) -> bool:
        """End a worker and all of its processes: they die with the first of them, and that one with this one."""
        running = self._running.get(name)
        if running is None:
            return False
        running.kill()
        try:
            running.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def at_work(self, name: str) -> bool:
        """Whether a worker may be using the processor."""
        running = self._running.get(name)
        return running is not None and running.poll() is None

    def processes(self, name: str) -> list[list[str]]:
        """The processes below the outer one, each with its number; empty when there are none."""
        found: list[list[str]] = []
        waiting = [self.containers.get(name, "")]
        while waiting:
            tasks = Path(f"/proc/{waiting.pop()}/task")
            for task in _listed(tasks):
                children = _read(task / "children").split()
                found += [[child] for child in children]
                waiting += children
        return found

    def states(self) -> dict[str, str]:
        """The workers of this session that have not ended, with their states."""
        return {name: "running" for name in list(self._running) if self.at_work(name)}

    def disconnect(self) -> None:
        """There is no engine to hang up on."""


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return ""
