"""The first process of a worker: holds the only channel to the host and outlives everything that jobs do.

It cannot be killed, stopped, traced or read from inside its PID namespace. It starts the zygote, passes jobs to it and
results to the host, reaps, and kills everything as soon as the host cancels or goes away. It must never run, import or
parse anything that comes from a job.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from typing import Any

from . import seal, wire

GRACE = 3.0
"""Seconds beyond a job's own limit before its zygote counts as hung."""

READY_SECONDS = 60.0
MAX_RESTARTS = 3
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TERM": "dumb",
    "COLUMNS": "100",
    "LINES": "30",
}


class ZygoteLostError(Exception):
    """The zygote died, hung or broke its protocol."""


def main() -> None:
    """Serve one host until it goes away."""
    if os.getpid() != 1:
        raise SystemExit("the supervisor runs only as the first process of a PID namespace")
    seal.hide()
    # The kernel keeps signals from inside the namespace from its first process only while it has no handler for them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Supervisor().serve()


class Supervisor:
    """One worker's life."""

    def __init__(self) -> None:
        self.host_in = os.dup(0)
        self.host_out = os.dup(1)
        null = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        self.incoming = b""
        self.hello: dict[str, Any] = {}
        self.zygote: socket.socket | None = None
        self.received = b""

    def serve(self) -> None:
        """Read frames from the host, one job at a time."""
        while True:
            message = self.next_message()
            kind = message.get("type")
            if kind == "hello":
                self.hello = message
                self.reply(self.start_zygote())
            elif kind in ("battery", "pytest") and self.zygote is not None:
                self.run(message)
            else:
                self.end()

    def run(self, message: dict[str, Any]) -> None:
        """Run one job to its `done` frame, with a new zygote whenever the job killed or hung the old one."""
        parts = message["variants"] if message["type"] == "battery" else [message]
        done = restarts = 0
        clean = True
        while done < len(parts):
            started = time.monotonic()
            try:
                self.to_zygote({**message, "first": done})
                while done < len(parts):
                    started = time.monotonic()
                    limit = float(parts[done].get("wall") or message["wall"])
                    payload = self.from_zygote(limit + GRACE)
                    self.to_host(payload)
                    done += 1
                clean = bool(wire.parse(self.from_zygote(GRACE)).get("clean")) and clean
            except (ZygoteLostError, wire.BrokenFrameError):
                clean = False
                restarts += 1
                self.bury_zygote()
                if done < len(parts):
                    self.reply(_lost(message["type"], parts[done], time.monotonic() - started))
                    done += 1
                if restarts > MAX_RESTARTS or "errors" not in self.start_zygote():
                    self.end()
        self.reply({"type": "done", "clean": clean})

    def start_zygote(self) -> dict[str, Any]:
        """Start a zygote and wait until it has imported everything; its report."""
        ours, theirs = socket.socketpair()
        theirs.set_inheritable(True)
        started = time.monotonic()
        arguments = [sys.executable, "-s", "-P", "-B", sys.argv[0], "zygote"]
        folders = {"DREAMER_DEPS": self.hello.get("deps", "/deps"), "DREAMER_FD": str(theirs.fileno())}
        os.posix_spawn(sys.executable, arguments, {**ENVIRONMENT, **folders}, setsigdef=[signal.SIGINT])
        theirs.close()
        self.zygote, self.received = ours, b""
        try:
            self.to_zygote(self.hello)
            report = wire.parse(self.from_zygote(READY_SECONDS))
        except (ZygoteLostError, wire.BrokenFrameError):
            self.bury_zygote()
            return {"type": "failed", "error": "the zygote did not come up"}
        report["seconds"] = round(time.monotonic() - started, 4)
        return report

    def bury_zygote(self) -> None:
        """Kill everything but this process and reap it."""
        seal.kill_everybody_else()
        while True:
            try:
                os.wait()
            except ChildProcessError:
                break
        if self.zygote is not None:
            self.zygote.close()
        self.zygote = None

    def to_zygote(self, message: dict[str, Any]) -> None:
        """Send one frame to the zygote while still listening to the host."""
        assert self.zygote is not None
        content = memoryview(wire.pack(message))
        deadline = time.monotonic() + GRACE
        self.zygote.setblocking(False)
        while content:
            self.wait(select.POLLOUT, deadline)
            try:
                content = content[self.zygote.send(content) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ZygoteLostError from error

    def from_zygote(self, seconds: float) -> bytes:
        """The payload of the zygote's next frame while still listening to the host."""
        assert self.zygote is not None
        deadline = time.monotonic() + seconds
        while True:
            if len(self.received) >= wire.HEADER.size:
                (length,) = wire.HEADER.unpack(self.received[: wire.HEADER.size])
                if length > wire.MAX_FRAME:
                    raise ZygoteLostError("frame too long")
                end = wire.HEADER.size + length
                if len(self.received) >= end:
                    payload, self.received = self.received[wire.HEADER.size : end], self.received[end:]
                    return payload
            self.wait(select.POLLIN, deadline)
            try:
                part = self.zygote.recv(1 << 20)
            except OSError as error:
                raise ZygoteLostError from error
            if not part:
                raise ZygoteLostError("the zygote died")
            self.received += part

    def wait(self, event: int, deadline: float) -> None:
        """Wait for the zygote's socket; obey the host meanwhile."""
        assert self.zygote is not None
        poll = select.poll()
        poll.register(self.host_in, select.POLLIN)
        poll.register(self.zygote, event)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ZygoteLostError("the zygote hangs")
            for fd, _ in poll.poll(left * 1000):
                if fd != self.host_in:
                    return
                part = os.read(self.host_in, 1 << 16)
                if not part:
                    self.end()
                self.incoming += part
                if self.incoming.startswith(wire.CANCEL):
                    self.cancel()
                if len(self.incoming) > 2 * wire.MAX_FRAME:
                    self.end()

    def next_message(self) -> dict[str, Any]:
        """The host's next frame."""
        try:
            self.fill(1)
            if self.incoming.startswith(wire.CANCEL):
                self.cancel()
            self.fill(wire.HEADER.size)
            (length,) = wire.HEADER.unpack(self.incoming[: wire.HEADER.size])
            if length > wire.MAX_FRAME:
                self.end()
            end = wire.HEADER.size + length
            self.fill(end)
            payload, self.incoming = self.incoming[wire.HEADER.size : end], self.incoming[end:]
            return wire.parse(payload)
        except (EOFError, wire.BrokenFrameError):
            self.end()
            raise

    def fill(self, count: int) -> None:
        """Have at least this many bytes from the host."""
        while len(self.incoming) < count:
            part = os.read(self.host_in, 1 << 20)
            if not part:
                raise EOFError
            self.incoming += part

    def reply(self, message: dict[str, Any]) -> None:
        """Send one frame to the host."""
        self.to_host(wire.pack(message)[wire.HEADER.size :])

    def to_host(self, payload: bytes) -> None:
        """Pass on the content of one frame."""
        try:
            wire.write_all(self.host_out, wire.HEADER.pack(len(payload)) + payload)
        except OSError:
            self.end()

    def cancel(self) -> None:
        """Kill everything at once, say so, and end: a cancelled worker is never used again."""
        self.bury_zygote()
        self.reply({"type": "cancelled"})
        self.end()

    def end(self) -> None:
        """End the worker; the kernel kills all that is left in its PID namespace."""
        os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)


def _lost(kind: str, part: dict[str, Any], seconds: float) -> dict[str, Any]:
    fate = {"reason": "lost", "code": None, "seconds": round(seconds, 4), "cpu_seconds": 0.0, "records": ""}
    if kind == "battery":
        return {"type": "variant", "id": part["id"], **fate}
    return {"type": "pytest", **fate, "output": "", "dropped": False}
