"""Tries a brake on a busy subject and measures how long the subject went on: no return code counts.

The subject is a process of ours where it may be moved into the group, else a container. It says the time in an endless
loop; its last word is the moment at which work really stopped.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sandbox.docker.brake_container import BrakeMaker
from dreamer_app.sandbox.runner.group import Group

START_SECONDS = 20.0
SETTLE_SECONDS = 1.0
QUIET_SECONDS = 0.02
LOOK_EVERY = 0.001
_STAMP = struct.Struct("<q")

_BEATS_IN_MEMORY = """
import mmap, struct, sys, time
with open(sys.argv[1], "r+b") as file:
    memory = mmap.mmap(file.fileno(), 8)
while True:
    memory[:8] = struct.pack("<q", time.monotonic_ns())
"""
_BEATS_IN_STREAM = """
import os, struct, time
while True:
    os.write(1, struct.pack("<q", time.monotonic_ns()))
    end = time.monotonic() + 0.0002
    while time.monotonic() < end:
        pass
"""


class Subject(Protocol):
    """Something busy in the workers' group."""

    def last(self) -> int:
        """Its latest word, in nanoseconds of its own monotonic clock; 0 before the first."""
        ...


class BrakeRefusedError(Exception):
    """A brake does not hold.

    Attributes:
        reason: Why not.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NativeSubject:
    """A process of this computer, with its beats in shared memory.

    Args:
        memory: Eight bytes that the process writes.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

    def last(self) -> int:
        """Its latest beat."""
        return int(_STAMP.unpack(self._memory[:8])[0])


@contextlib.contextmanager
def native_subject(group: Group) -> Iterator[Subject]:
    """A busy process in a child of the group.

    Raises:
        OSError: It may not be moved there.
    """
    child = Path(group.folder) / f"self-test-{os.getpid()}"
    with tempfile.TemporaryFile() as file:
        file.truncate(8)
        with mmap.mmap(file.fileno(), 8) as memory:
            command = [sys.executable, "-I", "-S", "-c", _BEATS_IN_MEMORY, f"/dev/fd/{file.fileno()}"]
            busy = subprocess.Popen(command, pass_fds=[file.fileno()], stdin=subprocess.DEVNULL)
            try:
                child.mkdir(exist_ok=True)
                (child / "cgroup.procs").write_text(str(busy.pid), encoding="ascii")
                yield NativeSubject(memory)
            finally:
                busy.kill()
                group.thaw()
                busy.wait()
                with contextlib.suppress(OSError):
                    child.rmdir()


class StreamSubject:
    """A container, with its beats in its attached stream.

    Args:
        stream: In the engine's frames.
    """

    _HEADER = 8

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._raw = b""
        self._last = 0

    def last(self) -> int:
        """The latest beat that has come through."""
        while select.select([self._stream], [], [], 0)[0]:
            part = self._stream.recv(1 << 16)
            if not part:
                break
            self._raw += part
        while len(self._raw) >= self._HEADER:
            length = int.from_bytes(self._raw[4:8], "big")
            end = self._HEADER + length
            if len(self._raw) < end:
                break
            if length >= _STAMP.size:
                self._last = _STAMP.unpack(self._raw[end - _STAMP.size : end])[0]
            self._raw = self._raw[end:]
        return self._last


@contextlib.contextmanager
def container_subject(maker: BrakeMaker) -> Iterator[Subject]:
    """A busy container in the group.

    Raises:
        InfrastructureError: The engine refuses.
    """
    with maker.subject(["python3", "-I", "-S", "-c", _BEATS_IN_STREAM]) as stream:
        yield StreamSubject(stream)


def try_out(brake: Brake, subject: Subject, *, one_clock: bool) -> tuple[float | None, float]:
    """Stop the subject and let it go on.

    Args:
        brake: The brake.
        subject: Must be in the brake's group.
        one_clock: Whether the subject's clock is this computer's.

    Returns:
        Milliseconds from the order to the subject's last beat, and until the kernel said that it stands still.

    Raises:
        BrakeRefusedError: It does not hold.
    """
    if not _goes_on(subject, START_SECONDS):
        raise BrakeRefusedError("the subject of the test did not start")
    ordered = time.monotonic_ns()
    if not brake.freeze():
        raise BrakeRefusedError("the order was refused")
    still = brake.settled(SETTLE_SECONDS)
    settled = time.monotonic_ns()
    try:
        if not still or _goes_on(subject, QUIET_SECONDS, since_quiet=True):
            raise BrakeRefusedError("work went on after the order")
        last = subject.last()
    finally:
        thawed = brake.thaw()
    if not thawed or not _goes_on(subject, START_SECONDS):
        raise BrakeRefusedError("work did not go on afterwards")
    stopped = max(last - ordered, 0) / 1e6 if one_clock else None
    return stopped, (settled - ordered) / 1e6


def _goes_on(subject: Subject, seconds: float, *, since_quiet: bool = False) -> bool:
    """Whether the subject says something new; what is still on its way may first come through."""
    if since_quiet:
        time.sleep(seconds)
    before = subject.last()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if subject.last() != before:
            return True
        time.sleep(LOOK_EVERY)
    return False
