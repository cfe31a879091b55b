"""The Wayland wire, as far as idle notifications need it: a registry, seats, and ext-idle-notify-v1.

Layouts: wayland.xml and ext-idle-notify-v1.xml of the Wayland project. No descriptors travel with any of these,
so a plain socket is enough. Must not know what a notification means.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.x11_display import first_line

DISPLAY, REGISTRY, CALLBACK = 1, 2, 3
NOTIFIER = "ext_idle_notifier_v1"
PATIENCE = 2.0
"""Seconds for the compositor to list what it offers."""
_HEADER = struct.Struct("=IHH")  # object, opcode, size with this header


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        target: Id of the object that it is about.
        opcode: Which request or event of its interface.
        body: The arguments.
    """

    target: int
    opcode: int
    body: bytes = b""

    def packed(self) -> bytes:
        """As it travels."""
        return _HEADER.pack(self.target, self.opcode, _HEADER.size + len(self.body)) + self.body


def text(value: str) -> bytes:
    """A string argument: its length with the closing zero, then itself, padded to four bytes."""
    packed = value.encode() + b"\0"
    return struct.pack("=I", len(packed)) + packed + b"\0" * (-len(packed) % 4)


def unpack_text(body: bytes, offset: int) -> tuple[str, int]:
    """The string argument at an offset, and where the next argument begins."""
    (length,) = struct.unpack_from("=I", body, offset)
    start = offset + 4
    return body[start : start + max(length - 1, 0)].decode("utf-8", "replace"), start + length + -length % 4


def messages(buffer: bytearray) -> Iterator[Message]:
    """Every whole message at the front of the buffer, which keeps the rest."""
    while len(buffer) >= _HEADER.size:
        target, opcode, size = _HEADER.unpack_from(buffer)
        if size < _HEADER.size:
            raise CannotSee(tr("the Wayland compositor does not keep to the protocol"))
        if len(buffer) < size:
            return
        body = bytes(buffer[_HEADER.size : size])
        del buffer[:size]
        yield Message(target, opcode, body)


def compositor_socket() -> Path:
    """Where the compositor of this session listens.

    Raises:
        CannotSee: This session is not Wayland.
    """
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        raise CannotSee(tr("this is not a Wayland session"))
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/run")) / name


@dataclass
class Compositor:
    """A connection to the compositor, with what it offers.

    Attributes:
        channel: The socket.
        notifier_version: Of the idle notifier; 0 where it offers none.
    """

    channel: socket.socket
    notifier_version: int = 0
    _notifier: int = 0
    _seats: list[int] = field(default_factory=list)
    _buffer: bytearray = field(default_factory=bytearray)
    _next_id: int = CALLBACK + 1

    @classmethod
    def connect(cls) -> Compositor:
        """Connect and learn what is offered; takes 2 s at most.

        Raises:
            CannotSee: There is no compositor, or it does not answer.
        """
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        channel.settimeout(PATIENCE)
        try:
            channel.connect(str(compositor_socket()))
            found = cls(channel)
            found._learn()
        except TimeoutError as error:
            channel.close()
            raise CannotSee(tr("the Wayland compositor does not answer")) from error
        except OSError as error:
            channel.close()
            raise CannotSee(tr("the Wayland compositor cannot be reached: {why}", why=first_line(error))) from error
        except CannotSee:
            channel.close()
            raise
        return found

    def idle_notification(self, timeout: int, *, input_only: bool) -> list[int]:
        """Ask to be told when there was no activity for so long, and when there is some again.

        Args:
            timeout: Milliseconds.
            input_only: Whether inhibitors are ignored; needs version 2 of the notifier.

        Returns:
            Ids of the notifications, one per seat; event 0 says idle, event 1 says resumed.
        """
        made = []
        for seat in self._seats:
            made.append(number := self._new_id())
            body = struct.pack("=III", number, timeout, seat)
            self._send(Message(self._notifier, 2 if input_only else 1, body))
        return made

    def receive(self) -> list[Message]:
        """What came; call when the socket can be read.

        Raises:
            CannotSee: The compositor went away, or refuses.
            TimeoutError: Nothing came in time.
        """
        try:
            packet = self.channel.recv(4096)
        except TimeoutError:
            raise
        except OSError as error:
            raise CannotSee(tr("the Wayland compositor went away")) from error
        if not packet:
            raise CannotSee(tr("the Wayland compositor went away"))
        self._buffer += packet
        came = list(messages(self._buffer))
        for message in came:
            if message.target == DISPLAY and message.opcode == 0:
                raise CannotSee(tr("the Wayland compositor refuses: {why}", why=unpack_text(message.body, 8)[0]))
        return came

    def _learn(self) -> None:
        self._send(Message(DISPLAY, 1, struct.pack("=I", REGISTRY)))
        self._send(Message(DISPLAY, 0, struct.pack("=I", CALLBACK)))
        while True:
            for message in self.receive():
                if message.target == REGISTRY and message.opcode == 0:
                    self._bind(message.body)
                elif message.target == CALLBACK:
                    return

    def _bind(self, body: bytes) -> None:
        (name,) = struct.unpack_from("=I", body)
        interface, offset = unpack_text(body, 4)
        (version,) = struct.unpack_from("=I", body, offset)
        if interface == NOTIFIER:
            self.notifier_version = min(version, 2)
            self._notifier = self._request_bind(name, interface, self.notifier_version)
        elif interface == "wl_seat":
            self._seats.append(self._request_bind(name, interface, 1))

    def _request_bind(self, name: int, interface: str, version: int) -> int:
        number = self._new_id()
        body = struct.pack("=I", name) + text(interface) + struct.pack("=II", version, number)
        self._send(Message(REGISTRY, 0, body))
        return number

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _send(self, message: Message) -> None:
        self.channel.sendall(message.packed())
