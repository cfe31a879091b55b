"""What an interruption was: a nudge of the table, a glance, or somebody who is back; and how long to wait after it.

After HTCondor's filter for small movements and its two thresholds, and BOINC's oldest complaints about flapping. It
sees only times, counts and distances.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dreamer_app.core.settings import InterruptionSettings
from dreamer_app.energy.policy.signals import InputSeen, Touch

HOUR = 3600.0
CALM_HOURS = 2
"""So many hours without an interruption, and the shortest wait is enough again."""


class Meaning(StrEnum):
    """What an interruption was.

    Attributes:
        OPEN: It is too early to say.
        NUDGE: Nobody is there; something moved the mouse a little.
        GLANCE: Somebody was there for a moment.
        RETURN: Somebody is back.
    """

    OPEN = "open"
    NUDGE = "nudge"
    GLANCE = "glance"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Burst:
    """Input since work was stopped.

    Attributes:
        began: The first input, monotonic seconds.
        last: The latest.
        kinds: How many of unknown kind.
        motions: How many movements.
        presses: How many keys, buttons, wheels.
        pixels: How far the pointer went, as far as is known.
    """

    began: float
    last: float
    kinds: int = 0
    motions: int = 0
    presses: int = 0
    pixels: int = 0

    def meaning(self, now: float, settings: InterruptionSettings) -> Meaning:
        """What it was, as far as can be told now."""
        if self.last - self.began >= settings.glance_seconds:
            return Meaning.RETURN
        if now - self.began < settings.classify_seconds:
            return Meaning.OPEN
        # An alarm without content tells each movement as input too, so the larger count is the number of events; alone
        # it cannot tell a key from a nudge, and then it was no nudge.
        few = max(self.motions, self.kinds) <= settings.nudge_events
        if self.motions and not self.presses and few and self.pixels <= settings.nudge_pixels:
            return Meaning.NUDGE
        return Meaning.GLANCE


def grown(burst: Burst | None, inputs: tuple[InputSeen, ...]) -> Burst | None:
    """The burst with more input."""
    for seen in inputs:
        if burst is None:
            burst = Burst(began=seen.at, last=seen.at)
        burst = replace(
            burst,
            last=max(burst.last, seen.at),
            kinds=burst.kinds + (seen.touch is Touch.SOME),
            motions=burst.motions + (seen.touch is Touch.MOTION),
            presses=burst.presses + (seen.touch is Touch.PRESS),
            pixels=burst.pixels + (seen.pixels or 0),
        )
    return burst


@dataclass(frozen=True, slots=True)
class Patience:
    """How long it waits after an interruption; every further one within the hour makes it wait longer.

    Attributes:
        rung: Place in the list of waiting times.
        recent: Times of the interruptions of the last hour, oldest first.
        nudges: Times of the nudges of the last hour.
    """

    rung: int = 0
    recent: tuple[float, ...] = ()
    nudges: tuple[float, ...] = ()

    def wait(self, settings: InterruptionSettings) -> float:
        """Seconds without input that are asked for."""
        return settings.resume_minutes[min(self.rung, len(settings.resume_minutes) - 1)] * 60

    def interrupted(self, at: float) -> Patience:
        """After a glance or a return."""
        rung = 0 if self.recent and at - self.recent[-1] >= CALM_HOURS * HOUR else self.rung
        recent = tuple(time for time in self.recent if at - time < HOUR)
        return replace(self, rung=rung + 1 if recent else rung, recent=(*recent, at))

    def nudged(self, at: float) -> Patience:
        """After a nudge."""
        return replace(self, nudges=(*(time for time in self.nudges if at - time < HOUR), at))
