"""How application and sentinel talk: length-prefixed JSON over one socket, which may carry an open brake along.

It must not know what a message means.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from typing import Any

_HEADER = struct.Struct(">I")
MAX_MESSAGE = 1 << 16
_PART = 1 << 14
MAX_FDS = 1

Message = dict[str, Any]


class Wire:
    """One end of the conversation. Sending is safe from any thread, receiving belongs to one.

    Args:
        connection: A connected stream socket; owned from now on.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._sending = threading.Lock()
        self._received = b""
        self.carried: list[int] = []

    def send(self, message: Message, carry: int | None = None) -> bool:
        """Send one message, with an open file where one goes along; whether the other end is still there."""
        payload = json.dumps(message).encode()
        frame = _HEADER.pack(len(payload)) + payload
        with self._sending:
            try:
                if carry is not None:
                    sent = socket.send_fds(self.connection, [frame], [carry])
                    frame = frame[sent:]
                self.connection.sendall(frame)
            except OSError:
                return False
        return True

    def receive(self) -> Message | None:
        """The next message, None when the other end is gone or speaks nonsense. Files that came along are `carried`."""
        while True:
            if len(self._received) >= _HEADER.size:
                (length,) = _HEADER.unpack_from(self._received)
                end = _HEADER.size + length
                if length > MAX_MESSAGE:
                    return None
                if len(self._received) >= end:
                    payload, self._received = self._received[_HEADER.size : end], self._received[end:]
                    return _parsed(payload)
            try:
                part, files, _, _ = socket.recv_fds(self.connection, _PART, MAX_FDS)
            except OSError:
                return None
            if not part:
                return None
            self._received += part
            self.carried += files

    def close(self) -> None:
        """End the conversation."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def _parsed(payload: bytes) -> Message | None:
    try:
        message = json.loads(payload)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
