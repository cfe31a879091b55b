"""What every source of presence has in common: its contract, the facts it tells and how it describes itself.

Must not know any source, nor decide what a fact means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PresenceKind(StrEnum):
    """What happened; never with which key, in which window or at which place.

    Attributes:
        INPUT: Somebody did something. Sources that learn a moment later what it was tell MOTION or PRESS after it.
        MOTION: Only the pointer moved; `pixels` says how far, where known.
        PRESS: A key, a button or the wheel.
        QUIET: There was no input since `at`; told by sources that see the end of it.
        LOCKED: The screen is locked.
        UNLOCKED: It is unlocked; a person did that.
        AWAY: The session is not in front any more, or its screen saver is on.
        BACK: It is in front again, or the screen saver ended.
        SLEEPING: The computer is about to sleep.
        RESUMED: It woke from sleep.
        INHIBITED: A video, a call or a presentation keeps the screen on.
        UNINHIBITED: None does any more.
        EXCLUSIVE_STARTED: A game or a program from the list runs.
        EXCLUSIVE_ENDED: None runs any more.
        SOURCE_LOST: A source that worked does not any more.
        SOURCE_RECOVERED: It works again.
    """

    INPUT = "input"
    MOTION = "motion"
    PRESS = "press"
    QUIET = "quiet"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    AWAY = "away"
    BACK = "back"
    SLEEPING = "sleeping"
    RESUMED = "resumed"
    INHIBITED = "inhibited"
    UNINHIBITED = "uninhibited"
    EXCLUSIVE_STARTED = "exclusive_started"
    EXCLUSIVE_ENDED = "exclusive_ended"
    SOURCE_LOST = "source_lost"
    SOURCE_RECOVERED = "source_recovered"

    @property
    def is_input(self) -> bool:
        """Whether a hand on mouse or keyboard is the only explanation."""
        return self in INPUT_KINDS


INPUT_KINDS = frozenset({PresenceKind.INPUT, PresenceKind.MOTION, PresenceKind.PRESS})


@dataclass(frozen=True, slots=True)
class PresenceEvent:
    """One fact about who is there.

    Attributes:
        at: When, in seconds of `time.monotonic`.
        kind: What.
        source: Name of the source that saw it.
        detail: For people: which game, who keeps the screen on. Empty for input, always.
        pixels: How far the pointer moved since the last MOTION of this source; None where that is not known.
    """

    at: float
    kind: PresenceKind
    source: str
    detail: str = ""
    pixels: int | None = None


Emit = Callable[[PresenceEvent], None]
"""Called from the threads of the sources; must return quickly and may be called by several at once."""


class SourceState(StrEnum):
    """Whether a source can be relied upon."""

    ACTIVE = "active"
    UNAVAILABLE = "unavailable"
    LOST = "lost"


class Sight(StrEnum):
    """What a source can see of the input.

    Attributes:
        ALL: All input to the session, at once.
        PART: Some of it, e.g. only what goes to X programs on a Wayland desktop; it can wake but not say *idle*.
        LATE: All, but minutes late; the last resort for the idle clock.
        NONE: No input; something else.
    """

    ALL = "all"
    PART = "part"
    LATE = "late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How a source is, for diagnostics.

    Attributes:
        name: Its name, as in `PresenceEvent.source`.
        state: Whether it can be relied upon.
        sight: What it sees of the input while active.
        detail: In plain words what it does or why it does not.
        fix: What a person can do about it; empty where nothing is wrong or nothing helps.
        last_event_at: When it last told something (`time.monotonic`), None when it has not yet.
        latency_ms: How late its last input event came, in milliseconds; None where that cannot be measured.
        sees_end: Whether every INPUT of it is followed by a QUIET.
        undecided: Whether it has not found out yet whether it sees.
    """

    name: str
    state: SourceState
    sight: Sight
    detail: str
    fix: str = ""
    last_event_at: float | None = None
    latency_ms: float | None = None
    sees_end: bool = False
    undecided: bool = False

    def age(self, now: float) -> float | None:
        """Seconds since it last told something, None when it has not yet."""
        return None if self.last_event_at is None else max(now - self.last_event_at, 0.0)


class PresenceSource(Protocol):
    """Something that sees a part of who is there.

    It never raises to its caller and never blocks it: what fails is told by `status` and SOURCE_LOST, and it goes on
    trying by itself until it is stopped. It is started and stopped once.
    """

    @property
    def name(self) -> str:
        """Short and unique."""
        ...

    @property
    def status(self) -> SourceStatus:
        """How it is now; callable from any thread."""
        ...

    def start(self, emit: Emit) -> None:
        """Begin to look; returns at once."""
        ...

    def stop(self) -> None:
        """Stop looking; nothing is emitted once it has returned. Safe to call twice; never from inside `emit`."""
        ...

    def attend(self, *, closely: bool) -> None:
        """Look closely (while dreaming) or with as little effort as possible; only sources that must poll care."""
        ...
