"""The second and third rung: a line to the brake container, over its own socket or over the engine's attached stream.

Orders are single bytes and go out at once; answers are read only by whoever asks for them. It must not know how the
container came to be.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time

ANSWER_SECONDS = 2.0
"""Longest wait for an answer; the brake needs milliseconds, a starved one 0.6 s (measured)."""

_ENGINE_HEADER = struct.Struct(">BxxxI")


class BrakeLine:
    """A brake at the other end of a socket.

    Args:
        connection: Connected to the brake; owned from now on.
        framed: Whether answers come through the engine, in its frames.
        address: Where somebody else can have a line of his own; empty when nowhere.
    """

    def __init__(self, connection: socket.socket, *, framed: bool, address: str = "") -> None:
        self.connection = connection
        self.framed = framed
        self.address = address
        self._raw = b""
        self._text = b""
        self._stops = 0
        self._stops_answered = 0
        self._sending = threading.Lock()
        self._asking = threading.Lock()
        connection.setblocking(False)

    @property
    def name(self) -> str:
        """Which rung it is."""
        return "brake container over the engine" if self.framed else "brake container"

    def freeze(self) -> bool:
        """Order every task to stop; whether the order went out to a living brake."""
        done = self._send(b"S")
        self._stops += done
        return done

    def settled(self, seconds: float) -> bool:
        """Wait until every task stands still after `freeze`; whether all did in time."""
        with self._asking:
            return self._answer(b"F", seconds) == b"F1"

    def thaw(self) -> bool:
        """Let everything go on; whether it does."""
        return self._ask(b"C") == b"C1"

    def kill(self) -> bool:
        """End everything at once; whether nothing is left."""
        return self._ask(b"K") == b"K1"

    def cpu_seconds(self) -> float | None:
        """Processor time of all workers so far, None where it cannot be read."""
        answer = self._ask(b"?")
        return int(answer[3:]) / 1e6 if answer.startswith(b"?1 ") else None

    def close(self) -> None:
        """Hang up, which the brake takes for a death."""
        self.connection.close()

    def _ask(self, order: bytes) -> bytes:
        with self._asking:
            return self._answer(order, ANSWER_SECONDS) if self._send(order) else b""

    def _send(self, order: bytes) -> bool:
        with self._sending:
            try:
                # A brake that is gone shows as the end of its answers; the kernel may still take a byte for it.
                if self._gone():
                    return False
                return self.connection.send(order) == 1
            except OSError:
                return False

    def _gone(self) -> bool:
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False

    def _answer(self, letter: bytes, seconds: float) -> bytes:
        """The next answer that begins with this letter; older ones before it are dropped. Empty when none comes."""
        deadline = time.monotonic() + seconds
        while True:
            while b"\n" in self._text:
                line, self._text = self._text.split(b"\n", 1)
                self._stops_answered += line.startswith(b"S")
                late = letter == b"F" and self._stops_answered < self._stops  # of an earlier stop
                if line.startswith(letter) and not late:
                    return line
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                return b""

    def _read(self, seconds: float) -> bool:
        with contextlib.suppress(OSError, ValueError):  # closed by another thread
            if not select.select([self.connection], [], [], seconds)[0]:
                return False
            part = self.connection.recv(1 << 12)
            if not part:
                return False
            self._raw += part
            self._text += self._unframed() if self.framed else self._take_raw()
            return True
        return False

    def _take_raw(self) -> bytes:
        raw, self._raw = self._raw, b""
        return raw

    def _unframed(self) -> bytes:
        text = b""
        while len(self._raw) >= _ENGINE_HEADER.size:
            _, length = _ENGINE_HEADER.unpack_from(self._raw)
            end = _ENGINE_HEADER.size + length
            if len(self._raw) < end:
                break
            text += self._raw[_ENGINE_HEADER.size : end]
            self._raw = self._raw[end:]
        return text
