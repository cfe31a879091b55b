"""All sources of presence as one: started, merged, described. This is what the sentinel hosts.

Any source wakes; what several tell at once is told once. Must not decide what follows from a fact.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.presence.idle_clock import IdleClock
from dreamer_app.presence.merging import Merger
from dreamer_app.presence.pick import pick_sources
from dreamer_app.presence.source import Emit, PresenceEvent, PresenceKind, PresenceSource, SourceStatus

FIRST_SECONDS = 5.0
"""So long after the start somebody is taken to be there although no source sees yet: displays and buses must answer."""


@dataclass(frozen=True, slots=True)
class PresenceNow:
    """Who is there at one moment.

    Attributes:
        idle_seconds: Since the last input; None when no source can see it.
        locked: Whether the screen is locked.
        away: Whether the session is not in front, or its screen saver is on.
        inhibited_by: Who keeps the screen on.
        exclusive: Games and programs from the list that run.
    """

    idle_seconds: float | None
    locked: bool = False
    away: bool = False
    inhibited_by: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()


class PresenceWatch:
    """Looks at everything that the settings allow.

    Args:
        emit: Gets every fact, one at a time, from the threads of the sources; it must return quickly.
        settings: Which sources, which programs.
        sources: What to look with; picked by the settings when left out.
    """

    def __init__(self, emit: Emit, settings: PresenceSettings, sources: Iterable[PresenceSource] | None = None) -> None:
        self._emit = emit
        self._sources = tuple(pick_sources(settings) if sources is None else sources)
        self._lock = threading.RLock()
        self._clock = IdleClock(time.monotonic())
        self._merger = Merger()
        self._open = False
        self._blind_until = 0.0

    def start(self) -> None:
        """Begin to look; returns at once."""
        with self._lock:
            self._open = True
            self._blind_until = time.monotonic() + FIRST_SECONDS
        for source in self._sources:
            source.start(self._take)

    def stop(self) -> None:
        """Stop looking; nothing is emitted afterwards. Safe to call twice; never from inside `emit`."""
        with self._lock:
            self._open = False
        for source in self._sources:
            source.stop()

    def attend(self, *, closely: bool) -> None:
        """Look closely while dreaming, with as little effort as possible otherwise."""
        for source in self._sources:
            source.attend(closely=closely)

    def sources(self) -> tuple[SourceStatus, ...]:
        """How every source is."""
        return tuple(source.status for source in self._sources)

    def idle_seconds(self, now: float) -> float | None:
        """Seconds since the last input; None when no source can see it.

        Args:
            now: `time.monotonic`.
        """
        statuses = self.sources()
        with self._lock:
            idle = self._clock.idle_seconds(now, statuses)
            return 0.0 if idle is None and self._open and now < self._blind_until else idle

    def now(self) -> PresenceNow:
        """Who is there."""
        idle = self.idle_seconds(time.monotonic())
        with self._lock:
            merged = self._merger
            return PresenceNow(idle, merged.locked, merged.away, merged.inhibited_by, merged.exclusive)

    def _take(self, event: PresenceEvent) -> None:
        sees_end = any(one.name == event.source and one.sees_end for one in self.sources())
        with self._lock:
            if not self._open:
                return
            if event.kind is PresenceKind.SOURCE_LOST:  # it did answer, and what follows is no beginning
                self._blind_until = 0.0
            self._clock.note(event, sees_end=sees_end)
            for told in self._merger.merge(event):
                self._emit(told)
