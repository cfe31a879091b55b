"""The second look over a real X server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import count

import pytest

from dreamer_app.presence.pynput_input import PynputSource
from dreamer_app.presence.source import PresenceKind, SourceState
from tests.presence.listening import Listener, wait_active, wait_until
from tests.presence.x11 import KEY_B, Hand, Onlooker, XServer, x_server


@pytest.fixture
def pointer() -> Iterator[PynputSource]:
    """The mouse, stopped at the end."""
    one = PynputSource("pointer")
    yield one
    one.stop()


@pytest.fixture
def keyboard() -> Iterator[PynputSource]:
    """The keyboard, stopped at the end."""
    one = PynputSource("keyboard")
    yield one
    one.stop()


@pytest.fixture
def onlooker(server: XServer) -> Iterator[Onlooker]:
    """Somebody who makes the server write."""
    one = Onlooker(server.name)
    yield one
    one.close()


def test_motion_with_its_way_and_clicks(pointer: PynputSource, hand: Hand, onlooker: Onlooker) -> None:
    heard = Listener()
    pointer.start(heard)
    wait_active(pointer)
    steps = count(100)  # the listener may only just be about to listen
    wait_until(lambda: hand.move(next(steps) % 600, 100) or PresenceKind.MOTION in heard.kinds, "motion")
    hand.click()
    heard.wait(PresenceKind.PRESS)
    assert all((event.pixels or 0) > 0 for event in heard.events if event.kind is PresenceKind.MOTION)


def test_keys_leave_no_trace_of_which(
    keyboard: PynputSource, hand: Hand, onlooker: Onlooker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard = Listener()
    keyboard.start(heard)
    wait_active(keyboard)
    wait_until(lambda: hand.press(KEY_B) or PresenceKind.PRESS in heard.kinds, "a press")
    assert all(not event.detail and event.pixels is None for event in heard.events)
    left = "".join(map(str, heard.events)) + vars_of(keyboard) + caplog.text
    for trace in ("'b'", "'B'", "keycode", "keysym", "KeyCode", "Key."):
        assert trace not in left


def vars_of(source: PynputSource) -> str:
    """What the source itself remembers, without the listener of the library."""
    return str({name: value for name, value in vars(source).items() if name != "_listener"}) + str(
        vars(source.reporter)
    )


def test_without_a_display_it_says_so(pointer: PynputSource) -> None:
    pointer.start(Listener())
    wait_until(lambda: "no X display" in pointer.status.detail)
    assert pointer.status.state is SourceState.UNAVAILABLE


def test_a_server_that_goes_and_comes_back_is_followed(pointer: PynputSource, server: XServer) -> None:
    heard = Listener()
    pointer.start(heard)
    wait_active(pointer)
    server.kill()
    heard.wait(PresenceKind.SOURCE_LOST)
    with x_server(server.number):
        heard.wait(PresenceKind.SOURCE_RECOVERED)
        pointer.stop()
    assert pointer.status.detail == "stopped"
