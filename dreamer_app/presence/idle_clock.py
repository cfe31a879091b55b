"""How long nobody has touched the computer: the facts of all sources as one clock.

Monotonic time only, so a change of the wall clock changes nothing. Time in suspend is not time at rest: after it the
clock begins anew. Must not know where facts come from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from dreamer_app.presence.source import PresenceEvent, PresenceKind, Sight, SourceState, SourceStatus

RESTARTS = frozenset({PresenceKind.UNLOCKED, PresenceKind.BACK, PresenceKind.RESUMED})
"""Besides input: only a person does these, or what follows is unlike what was before."""

SUSPENDED = 1.0
"""Seconds of suspend that are one; the two clocks may differ by less without it."""


def suspended_seconds() -> float:
    """How long the computer has slept since it started; 0 where the system does not tell."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if boot is None else time.clock_gettime(boot) - time.monotonic()


class IdleClock:
    """The one idle clock; the caller guards it against other threads.

    Args:
        now: `time.monotonic` at the start, when somebody is taken to be there.
        suspended: Seconds slept since the computer started.
    """

    def __init__(self, now: float, suspended: Callable[[], float] = suspended_seconds) -> None:
        self._last = now
        self._busy: set[str] = set()
        self._suspended = suspended
        self._slept = suspended()

    def note(self, event: PresenceEvent, *, sees_end: bool) -> None:
        """Take a fact in.

        Args:
            event: The fact.
            sees_end: Whether its source will tell when the input ends.
        """
        if event.kind.is_input or event.kind in RESTARTS:
            self._last = max(self._last, event.at)
            if event.kind.is_input and sees_end:
                self._busy.add(event.source)
        elif event.kind is PresenceKind.QUIET or (
            event.kind is PresenceKind.SOURCE_LOST and event.source in self._busy
        ):
            self._last = max(self._last, event.at)
            self._busy.discard(event.source)

    def _breaks_off(self, event: PresenceEvent) -> bool:
        return event.kind is PresenceKind.SOURCE_LOST and event.source in self._busy

    def idle_seconds(self, now: float, sources: Iterable[SourceStatus]) -> float | None:
        """Seconds since the last input; None when no source could have seen it.

        Args:
            now: `time.monotonic`.
            sources: How the sources are.
        """
        slept = self._suspended()
        if slept - self._slept > SUSPENDED:
            self._slept = slept
            self._last = max(self._last, now)
        active = {one.name: one.sight for one in sources if one.state is SourceState.ACTIVE}
        seers = [sight for sight in (Sight.ALL, Sight.LATE) if sight in active.values()]
        if not seers:
            return None
        # A hint that some desktops never set must not say *somebody is here* for ever beside one that knows better.
        ignored = {name for name, sight in active.items() if sight is Sight.LATE and seers[0] is Sight.ALL}
        return 0.0 if self._busy - ignored else max(now - self._last, 0.0)
