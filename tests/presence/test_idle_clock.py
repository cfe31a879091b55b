"""The one idle clock, and the merging of what several sources tell."""

from __future__ import annotations

import time

import pytest

from dreamer_app.presence.idle_clock import IdleClock
from dreamer_app.presence.merging import Merger
from dreamer_app.presence.source import PresenceEvent, PresenceKind, Sight, SourceState, SourceStatus


def status(name: str, sight: Sight, state: SourceState = SourceState.ACTIVE) -> SourceStatus:
    """A source that sees the end of input."""
    return SourceStatus(name, state, sight, "", sees_end=True)


ALARM, HINT, LISTENER = status("alarm", Sight.ALL), status("hint", Sight.LATE), status("listener", Sight.PART)


class Slept:
    """A computer whose sleep the test decides."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def clock_at(now: float, slept: Slept | None = None) -> IdleClock:
    """A clock that began then."""
    return IdleClock(now, slept or Slept())


def event(kind: PresenceKind, at: float, source: str = "alarm", pixels: int | None = None) -> PresenceEvent:
    """A fact."""
    return PresenceEvent(at, kind, source, "", pixels)


def test_somebody_is_taken_to_be_there_at_the_start() -> None:
    assert clock_at(100).idle_seconds(130, [ALARM]) == 30


def test_nobody_can_tell_without_a_source_that_sees_all() -> None:
    assert clock_at(0).idle_seconds(50, []) is None
    assert clock_at(0).idle_seconds(50, [LISTENER]) is None
    assert clock_at(0).idle_seconds(50, [status("alarm", Sight.ALL, SourceState.LOST)]) is None


def test_a_hint_counts_only_where_nothing_better_is_there() -> None:
    clock = clock_at(0)
    clock.note(event(PresenceKind.INPUT, 10, "hint"), sees_end=True)
    assert clock.idle_seconds(500, [HINT]) == 0, "it has not said that the input ended"
    assert clock.idle_seconds(500, [HINT, ALARM]) == 490


def test_a_source_that_breaks_off_leaves_nobody_busy_for_ever() -> None:
    clock = clock_at(0)
    clock.note(event(PresenceKind.INPUT, 10), sees_end=True)
    clock.note(event(PresenceKind.SOURCE_LOST, 20), sees_end=True)
    assert clock.idle_seconds(50, [status("other", Sight.ALL)]) == 30


@pytest.mark.parametrize("kind", [PresenceKind.UNLOCKED, PresenceKind.BACK, PresenceKind.RESUMED, PresenceKind.PRESS])
def test_what_only_a_person_does_begins_it_anew(kind: PresenceKind) -> None:
    clock = clock_at(0)
    clock.note(event(kind, 100), sees_end=False)
    assert clock.idle_seconds(101, [ALARM]) == 1


def test_sleep_is_not_rest_even_when_nobody_told_of_it() -> None:
    slept = Slept()
    clock = clock_at(0, slept)
    assert clock.idle_seconds(1700, [ALARM]) == 1700
    slept.seconds += 8 * 3600
    assert clock.idle_seconds(1701, [ALARM]) == 0
    assert clock.idle_seconds(1711, [ALARM]) == 10


def test_the_wall_clock_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = IdleClock(time.monotonic())
    for jump in (-86_400.0, 86_400.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: 1e9 + jump)
        idle = clock.idle_seconds(time.monotonic(), [ALARM])
        assert idle is not None
        assert idle < 3600


def told(merger: Merger, *events: PresenceEvent) -> list[PresenceEvent]:
    """What comes out."""
    return [out for one in events for out in merger.merge(one)]


def test_one_moment_is_told_once_and_the_sharper_word_passes() -> None:
    alarm = event(PresenceKind.INPUT, 1.0)
    sharper = event(PresenceKind.PRESS, 1.001, "listener")
    again = event(PresenceKind.PRESS, 1.002)
    late = event(PresenceKind.INPUT, 1.003, "mutter")
    later = event(PresenceKind.PRESS, 1.2)
    assert told(Merger(), alarm, sharper, again, late, later) == [alarm, sharper, later]


@pytest.mark.parametrize("uptime", [0.3, 3600.1, 8434.168715385, 1e6 + 0.7, 3e7 + 0.1])
def test_the_first_word_passes_however_long_the_computer_is_up(uptime: float) -> None:
    for kind in (PresenceKind.INPUT, PresenceKind.MOTION, PresenceKind.PRESS):
        first = event(kind, uptime, pixels=None)
        assert told(Merger(), first) == [first]


def test_the_way_of_the_pointer_counts_once() -> None:
    first = event(PresenceKind.MOTION, 1.0, "listener", 5)
    same = event(PresenceKind.MOTION, 1.5, "alarm", 5)
    later = event(PresenceKind.MOTION, 4.0, "alarm", 3)
    assert told(Merger(), first, same, later) == [first, later]


def test_a_video_ends_when_the_last_one_does_or_its_source_is_gone() -> None:
    merger = Merger()
    one = event(PresenceKind.INHIBITED, 1, "desktop")
    two = event(PresenceKind.INHIBITED, 2, "system")
    assert told(merger, one, two) == [one]
    assert told(merger, event(PresenceKind.UNINHIBITED, 3, "desktop")) == []
    gone = told(merger, event(PresenceKind.SOURCE_LOST, 4, "system"))
    assert [out.kind for out in gone] == [PresenceKind.SOURCE_LOST, PresenceKind.UNINHIBITED]
    assert told(merger, event(PresenceKind.UNINHIBITED, 5, "desktop")) == []


def test_what_holds_now_can_be_asked() -> None:
    merger = Merger()
    told(
        merger,
        event(PresenceKind.LOCKED, 1),
        event(PresenceKind.AWAY, 1),
        PresenceEvent(1, PresenceKind.INHIBITED, "desktop", "Videos"),
        PresenceEvent(1, PresenceKind.EXCLUSIVE_STARTED, "programs", "quake"),
    )
    assert (merger.locked, merger.away, merger.inhibited_by, merger.exclusive) == (True, True, ("Videos",), ("quake",))
