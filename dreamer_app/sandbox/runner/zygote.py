"""The preloaded interpreter from which every run is forked.

It imports the libraries once, then forks a child per run, watches its time and its output, kills every process that a
run leaves behind and empties the folders that it could write. It must never execute anything that comes from a job:
children do that.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import io
import os
import select
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import child, seal, wipe, wire

FOLDERS = ["/job", "/tmp", "/dev/shm"]
ALWAYS = ("pytest", "coverage", "coverage.jsonreport", "linecache", "traceback")
FOR_COROUTINES = ("asyncio", "pytest_asyncio.plugin")
"""Cost a tenth of a start, so they are loaded where a library needs them anyway or a job has coroutines."""
MAX_RECORDS = 1 << 20
PRINTABLE = bytes(range(32, 127)) + b"\n"
MAX_OUTPUT = 64 << 10
FLOOD = 64 << 20
STARVED_WAIT, STARVED_CPU = 0.5, 0.3
"""Shares of its time that a child must at least have waited for a processor, and at most have had one."""


@dataclass
class Stream:
    """One pipe from a child.

    Attributes:
        cap: Bytes that are kept; `tail` keeps the last ones, otherwise the first ones.
    """

    fd: int
    cap: int
    tail: bool
    kept: bytearray = field(default_factory=bytearray)
    total: int = 0

    def read(self) -> bool:
        """Take what is there; False at the end of the stream."""
        try:
            part = os.read(self.fd, 1 << 16)
        except BlockingIOError:
            return True
        self.total += len(part)
        if self.tail:
            self.kept += part
            del self.kept[: -self.cap]
        else:
            self.kept += part[: max(0, self.cap - len(self.kept))]
        return bool(part)

    @property
    def dropped(self) -> bool:
        """Whether something was not kept."""
        return self.total > len(self.kept)

    def records(self) -> str:
        """What was kept as text; anything that the child's own encoder cannot have written makes it `garbage`."""
        if self.dropped or self.kept.translate(None, PRINTABLE):
            return "garbage"
        return self.kept.decode("ascii")


@dataclass
class Fate:
    """How a child ended: `exited`, `signalled`, `timeout`, `starved` or `flooded`.

    Starved is a timeout that says nothing about the child: others kept it from the processor most of the time.
    """

    reason: str
    code: int | None
    seconds: float
    cpu_seconds: float


def main() -> None:
    """Import, report, then run jobs until the supervisor goes away."""
    seal.hide()
    seal.adopt_orphans()
    if not (seal.IN_WORKER and all(os.path.ismount(folder) for folder in FOLDERS)):
        raise SystemExit("the zygote runs only inside a worker")
    Zygote(socket.socket(fileno=int(os.environ.pop("DREAMER_FD")))).serve()


class Zygote:
    """The preloaded interpreter."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        control.set_inheritable(False)
        self.deps = os.environ.pop("DREAMER_DEPS")
        self.tried: set[str] = set()
        self.dirty = False
        self.bell, bell_in = socket.socketpair()
        for end in (self.bell, bell_in):
            end.setblocking(False)
        self.bell_in = bell_in
        signal.set_wakeup_fd(bell_in.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Take frames from the supervisor."""
        sys.path.insert(0, self.deps)
        while True:
            try:
                message = wire.read_frame(self.control.fileno())
            except EOFError:
                return
            if message["type"] == "hello":
                self.send(self.preload(message))
            elif message["type"] == "battery":
                self.battery(message)
            else:
                self.pytest(message)

    def send(self, message: dict[str, Any]) -> None:
        """One frame to the supervisor."""
        wire.write_all(self.control.fileno(), wire.pack(message))

    def preload(self, message: dict[str, Any]) -> dict[str, Any]:
        """Import what is asked for; report what could not be imported."""
        gc.disable()
        errors = [f"{name}: {error}" for name in message["preload"] if (error := self.load(name))]
        for name in (*ALWAYS, *message.get("also", ())):
            self.load(name)
        if "asyncio" in sys.modules:
            for name in FOR_COROUTINES:
                self.load(name)
        self.settle()
        gc.enable()
        return {"type": "ready", "python": sys.version.split()[0], "errors": errors, "modules": len(sys.modules)}

    def load(self, name: str) -> str | None:
        """Import `module` or `module:attribute` once; the error in words."""
        if name in self.tried:
            return None
        self.tried.add(name)
        module, _, attribute = name.partition(":")
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                loaded = importlib.import_module(module)
                if attribute:
                    getattr(loaded, attribute)
        except (Exception, SystemExit) as error:
            return f"{type(error).__name__}: {error}"[:500]
        return None

    def settle(self) -> None:
        """Move all objects out of the collector's sight, so that children share their pages.

        Imports run without the collector and nothing is collected after them: both together take a third of a start,
        for a few hundred objects.
        """
        gc.freeze()

    def learn(self, message: dict[str, Any]) -> None:
        """Import the libraries that a job is going to import, once for all its runs."""
        before = len(self.tried)
        gc.disable()
        coroutines = FOR_COROUTINES if child.has_coroutines(message) else ()
        for name in (*message.get("imports", ()), *coroutines):
            self.load(name)
        if len(self.tried) > before:
            self.settle()
        gc.enable()

    def battery(self, message: dict[str, Any]) -> None:
        """Run the variants from `first` on, one frame each, then `done`."""
        self.learn(message)
        clean = True
        for variant in message["variants"][message["first"] :]:
            wall = float(variant.get("wall") or message["wall"])
            run = child.prepare(message, variant)
            records = self.pipe(MAX_RECORDS, tail=False)
            if variant.get("hash_seed") is None:
                fate = self.fork(wall, [records], lambda fds, run=run: child.run_variant(run, fds[0]))  # type: ignore[misc]
            else:
                fate = self.fork(wall, [records], lambda fds, run=run: child.start_fresh(run, fds[0], self.deps))  # type: ignore[misc]
            clean = self.clean_up() and clean
            self.send(
                {
                    "type": "variant",
                    "id": variant["id"],
                    **vars(fate),
                    "records": records.records(),
                }
            )
        self.send({"type": "done", "clean": clean})

    def pytest(self, message: dict[str, Any]) -> None:
        """Run plain pytest over real files, then `done`."""
        self.learn(message)
        events, output = self.pipe(MAX_RECORDS, tail=False), self.pipe(MAX_OUTPUT, tail=True)
        fate = self.fork(
            float(message["wall"]), [events, output], lambda fds: child.run_pytest(message, fds[0], fds[1])
        )
        clean = self.clean_up()
        self.send(
            {
                "type": "pytest",
                **vars(fate),
                "records": events.records(),
                "output": output.kept.decode("utf-8", "replace"),
                "dropped": events.dropped or output.dropped,
            }
        )
        self.send({"type": "done", "clean": clean})

    def pipe(self, cap: int, *, tail: bool) -> Stream:
        """A stream whose writing end the next child gets."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self.writing = [*getattr(self, "writing", []), writing]
        return Stream(reading, cap, tail)

    def fork(self, wall: float, streams: list[Stream], target: Callable[[list[int]], None]) -> Fate:
        """Run `target` in a child until it ends, floods or runs out of time; kill all that it started."""
        writing, self.writing = self.writing, []
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                seal.become_job(writing, int(wall) + 2)
                target(writing)
            finally:
                os._exit(70)
        for fd in writing:
            os.close(fd)
        reason, status, cpu = self.watch(pid, started + wall, streams)
        waited = _kept_waiting(pid) if reason == "timeout" else 0.0
        cpu += self.kill_descendants()
        if waited > STARVED_WAIT * wall and cpu < STARVED_CPU * wall:
            reason = "starved"
        for stream in streams:
            while stream.read() and stream.total < FLOOD:
                if not select.select([stream.fd], [], [], 0)[0]:
                    break
            os.close(stream.fd)
        code: int | None = None
        if reason == "exited":
            if os.WIFSIGNALED(status):
                reason, code = "signalled", os.WTERMSIG(status)
            else:
                code = os.WEXITSTATUS(status)
        return Fate(reason, code, round(time.monotonic() - started, 5), round(cpu, 5))

    def watch(self, pid: int, deadline: float, streams: list[Stream]) -> tuple[str, int, float]:
        """Read the child's streams until it ends; how, with its status and CPU seconds."""
        poll = select.poll()
        by_fd = {stream.fd: stream for stream in streams}
        for fd in (self.bell.fileno(), *by_fd):
            poll.register(fd, select.POLLIN)
        while True:
            ended, status, usage = os.wait4(pid, os.WNOHANG)
            if ended:
                return "exited", status, usage.ru_utime + usage.ru_stime
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout", 0, 0.0
            for fd, _ in poll.poll(left * 1000 + 1):
                if fd == self.bell.fileno():
                    with contextlib.suppress(BlockingIOError):
                        self.bell.recv(4096)
                elif not by_fd[fd].read():
                    poll.unregister(fd)
                elif by_fd[fd].total > FLOOD:
                    return "flooded", 0, 0.0

    def kill_descendants(self) -> float:
        """Kill and reap everything that jobs left behind; the CPU seconds that it had used."""
        seal.kill_everybody_else()
        cpu = 0.0
        while True:
            try:
                _, _, usage = os.wait4(-1, 0)
            except ChildProcessError:
                return cpu
            cpu += usage.ru_utime + usage.ru_stime

    def clean_up(self) -> bool:
        """Empty every folder that jobs can write; whether that succeeded."""
        return wipe.wipe(FOLDERS)


def _kept_waiting(pid: int) -> float:
    """Kill everybody; seconds that a process could have run but got no processor, 0 where the kernel does not tell.

    The kernel counts a wait when it is over: of one that is starved it knows little before its death.
    """
    seal.kill_everybody_else()
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    try:
        with open(f"/proc/{pid}/schedstat", "rb") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
