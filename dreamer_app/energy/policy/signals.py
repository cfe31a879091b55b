"""What the policy is told: who is there, what was asked for, what the schedule says, how the computer is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.reading import EnergyReading


class Touch(StrEnum):
    """What an input was, as far as is known.

    Attributes:
        SOME: There was input, and nobody knows of which kind.
        MOTION: Only the pointer moved.
        PRESS: A key, a button or the wheel.
    """

    SOME = "some"
    MOTION = "motion"
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class InputSeen:
    """One input event.

    Attributes:
        at: When, monotonic seconds.
        touch: What.
        pixels: How far the pointer moved, None when unknown.
    """

    at: float
    touch: Touch = Touch.SOME
    pixels: int | None = None


class Wish(StrEnum):
    """What a person asked for since the last step.

    Attributes:
        DREAM_NOW: Dream at once, whatever the schedule says.
        STOP: End the night.
        FINISH: End it after the dreams under way.
        WAKE: Give the computer back; counts as input even where input is ignored.
    """

    DREAM_NOW = "dream_now"
    STOP = "stop"
    FINISH = "finish"
    WAKE = "wake"


@dataclass(frozen=True, slots=True)
class Timing:
    """What the schedule says at this moment.

    Attributes:
        against: Why it is no time for dreaming: OUTSIDE_SCHEDULE, BLACKOUT_HOURS or QUOTA_REACHED.
        idle_needed: Seconds without input before a night may begin.
        ends_in: Seconds until dreaming must end, None when it need not.
    """

    against: frozenset[SuspendReason] = frozenset()
    idle_needed: float = 1800.0
    ends_in: float | None = None


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything at one moment.

    Attributes:
        idle_seconds: Since the last input; None when no source can see it.
        inputs: Input since the last step, oldest first.
        requests: Times of the requests of other programs since the last step, monotonic seconds.
        requests_open: Whether one is being answered.
        inhibited: A video or a call keeps the screen on.
        exclusive: A game or an exclusive program runs.
        locked: The screen is locked or off.
        asleep: The computer goes to sleep, until it woke.
        paused: A person paused it.
        closing: The program ends.
        keep_dreaming: *Keep dreaming while I work* is on.
        wishes: What a person asked for since the last step.
        timing: What the schedule says.
        faults: What is missing.
        energy: How the computer is.
        workers: Workers that the settings allow.
        night_under_way: Whether a night runs or is being put away.
    """

    idle_seconds: float | None = 0.0
    inputs: tuple[InputSeen, ...] = ()
    requests: tuple[float, ...] = ()
    requests_open: bool = False
    inhibited: bool = False
    exclusive: bool = False
    locked: bool = False
    asleep: bool = False
    paused: bool = False
    closing: bool = False
    keep_dreaming: bool = False
    wishes: tuple[Wish, ...] = ()
    timing: Timing = field(default_factory=Timing)
    faults: frozenset[SuspendReason] = frozenset()
    energy: EnergyReading = field(default_factory=EnergyReading)
    workers: int = 1
    night_under_way: bool = False
