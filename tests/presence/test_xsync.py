"""The idle alarm over a real X server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from dreamer_app.presence.source import PresenceKind, Sight, SourceState
from dreamer_app.presence.xsync import XSyncSource, lateness
from tests.presence.listening import Listener, wait_active, wait_until
from tests.presence.x11 import Hand, XServer, x_server


@pytest.fixture
def source() -> Iterator[XSyncSource]:
    """One that is stopped at the end."""
    one = XSyncSource()
    yield one
    one.stop()


def started(source: XSyncSource) -> Listener:
    """What it tells once it sees and the server, which has only just begun, counts as quiet."""
    heard = Listener()
    source.start(heard)
    heard.wait(PresenceKind.QUIET)
    heard.events.clear()
    return heard


def test_one_movement_is_input_then_motion_then_quiet(source: XSyncSource, hand: Hand) -> None:
    heard = started(source)
    hand.move(40, 30)
    hand.move(43, 30)
    quiet = heard.wait(PresenceKind.QUIET)
    assert heard.kinds[0] is PresenceKind.INPUT
    assert PresenceKind.PRESS not in heard.kinds
    assert sum(event.pixels or 0 for event in heard.events) > 100, "from the middle of the screen"
    assert quiet.at <= time.monotonic() - 1, "it says since when"


def test_a_key_is_a_press_at_once_and_no_key_is_named(source: XSyncSource, hand: Hand) -> None:
    heard = started(source)
    hand.press()
    heard.wait(PresenceKind.QUIET)
    assert heard.kinds == [PresenceKind.PRESS, PresenceKind.QUIET]
    assert all(not event.detail and event.pixels is None for event in heard.events)


def test_a_click_is_told_from_a_movement(source: XSyncSource, hand: Hand) -> None:
    heard = started(source)
    hand.click()
    heard.wait(PresenceKind.QUIET)
    assert heard.kinds == [PresenceKind.INPUT, PresenceKind.PRESS, PresenceKind.QUIET]


def test_it_rings_again_after_every_pause(source: XSyncSource, hand: Hand) -> None:
    heard = started(source)
    for turn in range(3):
        told = len(heard.events)
        hand.move(100 + turn, 100)
        heard.wait(PresenceKind.INPUT, told)
        heard.wait(PresenceKind.QUIET, told)


def test_the_latency_is_measured(source: XSyncSource, hand: Hand) -> None:
    heard = started(source)
    hand.press()
    heard.wait(PresenceKind.PRESS)
    assert source.status.latency_ms is not None


def test_a_clock_of_another_computer_gives_no_latency() -> None:
    ours = int(time.monotonic() * 1000) % 2**32
    assert lateness((ours + 40_000) % 2**32) is None
    assert lateness(ours) is not None


def test_without_a_display_it_says_so_and_goes_on_trying(source: XSyncSource, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Listener()
    source.start(heard)
    wait_until(lambda: "no X display" in source.status.detail)
    assert source.status.state is SourceState.UNAVAILABLE
    assert "graphical session" in source.status.fix
    with x_server() as late:
        monkeypatch.setenv("DISPLAY", late.name)
        wait_active(source)
        source.stop()
    assert not heard.events or heard.kinds == [PresenceKind.INPUT], "nothing was lost that had not been there"


def test_a_server_that_goes_and_comes_back_is_followed(source: XSyncSource, server: XServer) -> None:
    heard = Listener()
    source.start(heard)
    wait_active(source)
    server.kill()
    assert "went away" in heard.wait(PresenceKind.SOURCE_LOST).detail
    assert source.status.state is SourceState.LOST
    with x_server(server.number) as again:
        heard.wait(PresenceKind.SOURCE_RECOVERED)
        hand = Hand(again.name)
        hand.press()
        heard.wait(PresenceKind.PRESS)
        hand.close()
        source.stop()


def test_a_server_that_hangs_holds_nobody_up(source: XSyncSource, server: XServer) -> None:
    server.freeze()
    try:
        source.start(Listener())
        wait_until(lambda: "waiting for the X server" in source.status.detail)
        assert source.status.state is SourceState.UNAVAILABLE
        source.stop()
    finally:
        server.thaw()
        wait_until(lambda: all(thread.name != "presence-xsync" for thread in threading.enumerate()))


def test_on_wayland_it_sees_a_part_only(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    source = XSyncSource()
    source.start(Listener())
    wait_active(source)
    assert source.status.sight is Sight.PART
    assert "ext-idle-notify" in source.status.fix
    source.stop()
