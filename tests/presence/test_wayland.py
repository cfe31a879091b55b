"""Idle notifications over a real socket, against a compositor that speaks the protocol's bytes."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.presence.source import PresenceKind, SourceState
from dreamer_app.presence.wayland_idle import WaylandSource
from tests.presence.listening import Listener, wait_active, wait_until

RECORDED = bytes.fromhex(
    # wl_registry@2.global(1, "wl_compositor", 5), global(7, "wl_seat", 8), wl_callback@3.done(1)
    "0200000000002400" "01000000" "0e000000" "776c5f636f6d706f7369746f72000000" "05000000"
    "0200000000001c00" "07000000" "08000000" "776c5f7365617400" "08000000"
)  # fmt: skip


class FakeCompositor:
    """Listens where the session's compositor would.

    Args:
        folder: The session's runtime folder.
        notifier: Version of the idle notifier; 0 offers none.
    """

    def __init__(self, folder: Path, notifier: int) -> None:
        self._notifier = notifier
        self.notifications: list[tuple[int, int, int]] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "wayland-7"))
        self._listening.listen()
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="fake-compositor")
        self._thread.start()

    def say(self, notification: int, *, idle: bool) -> None:
        """Send the event of a notification."""
        assert self._client is not None
        self._client.sendall(struct.pack("=IHH", notification, 0 if idle else 1, 8))

    def close(self) -> None:
        """Go away."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        if self._client is not None:
            with contextlib.suppress(OSError):  # the other side may have left first
                self._client.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    def _serve(self) -> None:
        try:
            self._client, _ = self._listening.accept()
        except OSError:
            return
        buffer, bound = bytearray(), {}
        with self._client as client:
            while packet := client.recv(4096):
                buffer += packet
                while len(buffer) >= 8 and len(buffer) >= (size := struct.unpack_from("=H", buffer, 6)[0]):
                    target, opcode = struct.unpack_from("=IH", buffer)
                    body = bytes(buffer[8:size])
                    del buffer[:size]
                    if (target, opcode) == (1, 0):
                        client.sendall(self._offer() + struct.pack("=IHHI", 3, 0, 12, 1))
                    elif (target, opcode) == (2, 0):
                        bound[struct.unpack_from("=I", body, len(body) - 4)[0]] = struct.unpack_from("=I", body)[0]
                    elif bound.get(target) == 9:
                        number, patience, seat = struct.unpack("=III", body)
                        assert bound[seat] == 7
                        self.notifications.append((opcode, number, patience))

    def _offer(self) -> bytes:
        if not self._notifier:
            return RECORDED
        name = b"ext_idle_notifier_v1\0\0\0\0"
        body = struct.pack("=II", 9, 21) + name + struct.pack("=I", self._notifier)
        return RECORDED + struct.pack("=IHH", 2, 0, 8 + len(body)) + body


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Wayland session's runtime folder."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    return tmp_path


@pytest.fixture
def source() -> Iterator[WaylandSource]:
    """One that is stopped at the end."""
    one = WaylandSource()
    yield one
    one.stop()


def test_idled_and_resumed(folder: Path, source: WaylandSource) -> None:
    compositor, heard = FakeCompositor(folder, notifier=1), Listener()
    source.start(heard)
    wait_until(lambda: len(compositor.notifications) == 1)
    opcode, number, patience = compositor.notifications[0]
    assert (opcode, patience) == (1, 1000)
    heard.wait(PresenceKind.INPUT)
    for _ in range(2):
        told = len(heard.events)
        compositor.say(number, idle=True)
        heard.wait(PresenceKind.QUIET, told)
        compositor.say(number, idle=False)
        heard.wait(PresenceKind.INPUT, told)
    compositor.close()
    assert "went away" in heard.wait(PresenceKind.SOURCE_LOST).detail


def test_the_second_version_tells_a_video_from_a_hand(folder: Path, source: WaylandSource) -> None:
    compositor, heard = FakeCompositor(folder, notifier=2), Listener()
    source.start(heard)
    wait_until(lambda: len(compositor.notifications) == 2)
    (by_input, hands, _), (heeding, everything, _) = compositor.notifications
    assert (by_input, heeding) == (2, 1)
    compositor.say(hands, idle=True)
    heard.wait(PresenceKind.QUIET)
    heard.wait(PresenceKind.INHIBITED)
    compositor.say(everything, idle=True)
    heard.wait(PresenceKind.UNINHIBITED)
    compositor.close()


def test_a_compositor_without_the_notifier_is_named(folder: Path, source: WaylandSource) -> None:
    compositor = FakeCompositor(folder, notifier=0)
    source.start(Listener())
    wait_until(lambda: "ext-idle-notify" in source.status.detail)
    assert source.status.state is SourceState.UNAVAILABLE
    compositor.close()


def test_a_compositor_that_restarts_is_followed(folder: Path, source: WaylandSource) -> None:
    first, heard = FakeCompositor(folder, notifier=1), Listener()
    source.start(heard)
    wait_active(source)
    first.close()
    heard.wait(PresenceKind.SOURCE_LOST)
    (folder / "wayland-7").unlink()
    second = FakeCompositor(folder, notifier=1)
    heard.wait(PresenceKind.SOURCE_RECOVERED)
    second.close()


def test_a_compositor_that_hangs_is_named(folder: Path, source: WaylandSource) -> None:
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(folder / "wayland-7"))
        hanging.listen()
        source.start(Listener())
        wait_until(lambda: "does not answer" in source.status.detail)


def test_elsewhere_it_says_that_this_is_not_wayland(source: WaylandSource) -> None:
    source.start(Listener())
    wait_until(lambda: "not a Wayland session" in source.status.detail)
