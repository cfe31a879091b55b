"""All sources together over a real X server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count

import pytest

from dreamer_app.core.settings import PresenceSettings
from dreamer_app.presence.source import PresenceKind, SourceState
from dreamer_app.presence.watch import FIRST_SECONDS, PresenceWatch
from tests.presence.listening import Listener, wait_until
from tests.presence.x11 import Hand, Onlooker, XServer, x_server

X_ONLY = PresenceSettings(desktop=False, session=False, inhibitors=False, games=False)


@pytest.fixture
def heard() -> Listener:
    """What the watch told."""
    return Listener()


@pytest.fixture
def watch(heard: Listener) -> Iterator[PresenceWatch]:
    """A watch over X alone, not yet started."""
    one = PresenceWatch(heard, X_ONLY)
    yield one
    one.stop()


def sees(watch: PresenceWatch, name: str) -> bool:
    """Whether this source is active."""
    return any(one.name == name and one.state is SourceState.ACTIVE for one in watch.sources())


def settled(watch: PresenceWatch, heard: Listener) -> None:
    """Start, and wait until the server, which has only just begun, counts as quiet."""
    watch.start()
    heard.wait(PresenceKind.QUIET)
    heard.events.clear()


def test_a_quiet_server_starves_pynput_and_still_wakes(watch: PresenceWatch, heard: Listener, hand: Hand) -> None:
    """No other client makes the server write, so RECORD may deliver nothing: the alarm alone must do."""
    settled(watch, heard)
    told = time.monotonic()
    hand.move(30, 30)
    event = heard.wait(lambda event: event.kind.is_input)
    assert told <= event.at <= time.monotonic()


def test_pynput_alone_wakes_too(heard: Listener, hand: Hand) -> None:
    onlooker = Onlooker(hand.display)
    watch = PresenceWatch(heard, X_ONLY.model_copy(update={"idle_alarm": False}))
    watch.start()
    try:
        wait_until(lambda: sees(watch, "pynput pointer"))
        steps = count(100)
        wait_until(lambda: hand.move(next(steps) % 600, 50) or PresenceKind.MOTION in heard.kinds, "motion")
        later = time.monotonic() + FIRST_SECONDS
        assert watch.idle_seconds(later) is None, "what sees a part cannot say that nobody is there"
    finally:
        watch.stop()
        onlooker.close()


def test_the_idle_clock_stands_during_input_and_runs_after_it(
    watch: PresenceWatch, heard: Listener, hand: Hand
) -> None:
    settled(watch, heard)
    hand.press()
    wait_until(lambda: watch.idle_seconds(time.monotonic() + 60) == 0, "the alarm rang, and has not yet said quiet")
    quiet = heard.wait(PresenceKind.QUIET)
    assert watch.idle_seconds(quiet.at + 60) == pytest.approx(60, abs=2)


def test_input_after_the_server_came_back_is_seen(watch: PresenceWatch, heard: Listener, server: XServer) -> None:
    watch.start()
    wait_until(lambda: sees(watch, "xsync") and sees(watch, "pynput pointer"))
    server.kill()
    heard.wait(PresenceKind.SOURCE_LOST)
    wait_until(lambda: watch.idle_seconds(time.monotonic()) is None, "nobody can say that nobody is there")
    with x_server(server.number) as again:
        heard.wait(lambda event: event.kind is PresenceKind.SOURCE_RECOVERED and event.source == "xsync")
        hand = Hand(again.name)
        hand.press()
        heard.wait(lambda event: event.kind.is_input)
        hand.close()
        watch.stop()


def test_two_displays_count_and_one_may_go(heard: Listener, server: XServer) -> None:
    with x_server() as other:
        watch = PresenceWatch(heard, X_ONLY.model_copy(update={"more_displays": (other.name,), "second_look": False}))
        watch.start()
        try:
            wait_until(lambda: sees(watch, "xsync"))
            heard.wait(lambda event: event.kind is PresenceKind.QUIET and event.source == f"xsync {other.name}")
            server.kill()
            heard.wait(PresenceKind.SOURCE_LOST)
            hand = Hand(other.name)
            hand.press()
            assert heard.wait(PresenceKind.PRESS).source == f"xsync {other.name}"
            hand.close()
            assert watch.idle_seconds(time.monotonic()) is not None
        finally:
            watch.stop()


def test_nothing_is_told_after_the_end(watch: PresenceWatch, heard: Listener, hand: Hand) -> None:
    settled(watch, heard)
    watch.stop()
    before = len(heard.events)
    hand.press()
    watch.stop()
    assert len(heard.events) == before


def test_until_sources_have_had_time_to_answer_somebody_is_taken_to_be_there(heard: Listener) -> None:
    blind = PresenceWatch(heard, X_ONLY, sources=())
    blind.start()
    now = time.monotonic()
    assert blind.idle_seconds(now) == 0.0
    assert blind.idle_seconds(now + 2 * FIRST_SECONDS) is None, "and then it is said that nobody can tell"
    blind.stop()
