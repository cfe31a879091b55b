"""A Docker engine of the test's own, which may hang and die without anybody else's containers noticing."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.errors import DockerException

from dreamer_app.core.errors import DreamerError
from dreamer_app.sandbox.docker.engine import Engine
from tests.sandbox.conftest import remove_groups

START_SECONDS = 30.0


class PrivateEngine:
    """`dockerd` with everything of its own: data, sockets, runtime and control group.

    Args:
        folder: An empty folder for all of it; its path must be short enough for a socket.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"unix://{folder}/engine.sock"
        self.name = f"dreamerengine{os.getpid()}"
        self._program: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, again where it has died, and wait until it answers."""
        words = ["--data-root", "data", "--exec-root", "run", "--pidfile", "pid", "--bridge", "none"]
        words = [str(self.folder / word) if word in ("data", "run", "pid") else word for word in words]
        words += ["--iptables=false", "--ip-forward=false", "--ip-masq=false", "--cgroup-parent", f"/{self.name}"]
        words += ["--containerd-namespace", self.name, "--containerd-plugins-namespace", f"{self.name}-plugins"]
        (self.folder / "pid").unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._program = subprocess.Popen(["dockerd", *words, "-H", self.address], stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._program.poll() is None and time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.05)

    def take_image(self, identifier: str, source: Engine) -> None:
        """Have an image of another engine, too."""
        own = self.connected()
        own.api.load_image(source.api.get_image(identifier))
        own.close()

    def connected(self) -> Engine:
        """A connection to it."""
        return Engine.connect({"DOCKER_HOST": self.address})

    def hang(self) -> None:
        """Do nothing any more, until `go_on`."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Hang no more."""
        self._signal(signal.SIGCONT)

    def die(self) -> None:
        """End at once, and its runtime with it, without a word to the containers."""
        self._signal(signal.SIGKILL)
        assert self._program is not None
        self._program.wait()
        runtime = self.folder / "run" / "containerd" / "containerd.pid"
        with contextlib.suppress(OSError):  # it dies with its engine, but the next one would believe this file
            os.kill(int(runtime.read_text()), signal.SIGKILL)
        runtime.unlink(missing_ok=True)

    def close(self) -> None:
        """End in order and leave nothing."""
        if self._program is not None and self._program.poll() is None:
            self.go_on()
            self._program.terminate()
            self._program.wait()
        for mounted in reversed([line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]):
            if Path(mounted).is_relative_to(self.folder):  # what an engine that died has left
                subprocess.run(["umount", "-l", mounted], check=False)
        remove_groups(self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            self.connected().close()
        except (DreamerError, DockerException):
            return False
        return True

    def _signal(self, number: signal.Signals) -> None:
        assert self._program is not None
        self._program.send_signal(number)


@contextmanager
def private_engine(folder: Path) -> Iterator[PrivateEngine]:
    """An engine that answers, with the worker images that the usual one has."""
    engine = PrivateEngine(folder)
    try:
        engine.start()
        yield engine
    finally:
        engine.close()
