"""Keeps how warm the computer was while it dreamt, for the night report. It decides nothing about heat."""

from __future__ import annotations

import logging
from datetime import timedelta

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Event, NightEnded, NightStarted
from dreamer_app.core.states import Snapshot
from dreamer_app.store.store import Store
from dreamer_app.store.warmth import Warmth

_log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
"""A strip of a thousand pixels shows no more of a night."""


class NightWarmth:
    """Remembers the hottest figure of every minute of a night, and writes them down when it is over.

    Args:
        store: The journal.
        clock: What time it is.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._values: list[Warmth] | None = None

    def heard(self, event: Event) -> None:
        """A night began or is over."""
        if isinstance(event, NightStarted):
            self._values = []
        elif isinstance(event, NightEnded) and self._values is not None:
            values, self._values = self._values, None
            if values:
                self._keep(event.night.id, values)

    def saw(self, snapshot: Snapshot) -> None:
        """The program is like this now."""
        known = [value for value in (snapshot.cpu_celsius, snapshot.gpu_celsius) if value is not None]
        if self._values is None or not known:
            return
        new = Warmth(at=self._clock.now(), celsius=max(known))
        last = self._values[-1] if self._values else None
        if last is None or new.at - last.at >= EVERY:
            self._values.append(new)
        elif new.celsius > last.celsius:
            self._values[-1] = Warmth(at=last.at, celsius=new.celsius)

    def _keep(self, night_id: str, values: list[Warmth]) -> None:
        try:
            self._store.warmth.add(night_id, values)
            self._store.nights.note(night_id, {"peak_celsius": max(value.celsius for value in values)})
        except InfrastructureError:
            _log.exception("how warm the night was is not known")
