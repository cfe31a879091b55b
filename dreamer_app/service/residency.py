"""The resident program: keeps the state that tray, API and command line show, and turns their verbs into nights.

Everything here belongs to one event loop. `run` is its whole life; the verbs may be called while it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Broadcast
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from dreamer_app.core.types import NightEnd, Review
from dreamer_app.engine.wake import WakeReason
from dreamer_app.service.dreamer import Dreamer, NightOrder, proofs_at_once
from dreamer_app.service.night_shift import NightShift
from dreamer_app.service.resident import SnapshotListener

_log = logging.getLogger(__name__)


class Residency:
    """The running application (`Resident`).

    Args:
        dreamer: Dreams; it tells its events to `events`.
        events: What happens in a night.
        clock: What time it is.
    """

    def __init__(self, dreamer: Dreamer, events: Broadcast, clock: Clock | None = None) -> None:
        self._dreamer = dreamer
        self._clock = clock or SystemClock()
        self._listeners: list[SnapshotListener] = []
        self._changed = asyncio.Event()
        self._shift = NightShift(dreamer, events, self._changed.set)
        self._group: asyncio.TaskGroup | None = None
        self._paused = False
        self._until: datetime | None = None
        self._keep = False
        self._finishing = False
        self._closing = False
        self._ending: SuspendReason | None = None
        self._to_review = 0
        self._snapshot = Snapshot(state=DreamerState.AWAKE, since=self._clock.now())

    @property
    def snapshot(self) -> Snapshot:
        """How it is now."""
        return self._snapshot

    def subscribe(self, listener: SnapshotListener) -> Callable[[], None]:
        """Be told of every change, on the event loop's thread; the result ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def run(self) -> None:
        """Live until `shut_down`, or until cancelled; no night is under way afterwards."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                while not self._closing:
                    await self._count_reviews()
                    self._publish()
                    await self._changed.wait()
                    self._changed.clear()
                await self._shift.ended()
        finally:
            self._group = None
            self._shift.close()
            self._publish()

    async def dream_now(self) -> None:
        """Start at once; a pause is over.

        Raises:
            UsageError: The program is closing.
        """
        if self._group is None or self._closing:
            raise UsageError("Not dreaming", SuspendReason.SHUTTING_DOWN.text)
        self._paused, self._until, self._finishing, self._ending = False, None, False, None
        self._shift.begin(self._group, self._order())
        self._publish()

    async def stop(self) -> None:
        """End the night now."""
        await self._end(WakeReason.STOPPED, SuspendReason.USER_REQUEST)

    async def finish(self) -> None:
        """End the night after the dreams under way."""
        if self._shift.under_way:
            self._finishing = True
            self._shift.finish()
            self._publish()

    async def pause(self, until: datetime | None = None) -> None:
        """Do not dream until then, or until `resume`."""
        self._paused, self._until = True, until
        await self._end(WakeReason.STOPPED, SuspendReason.USER_REQUEST)
        self._publish()

    async def resume(self) -> None:
        """End a pause."""
        self._paused, self._until = False, None
        self._publish()

    async def keep_dreaming(self, *, on: bool) -> None:
        """Go on while somebody uses the computer."""
        self._keep = on
        self._publish()

    async def wake(self, reason: SuspendReason) -> None:
        """Give the computer back at once."""
        await self._end(WakeReason.PRESENCE, reason)

    async def shut_down(self) -> None:
        """End everything of ours; nothing is left running when it returns."""
        self._closing = True
        await self._end(WakeReason.STOPPED, SuspendReason.SHUTTING_DOWN)
        self._changed.set()

    async def _end(self, how: WakeReason, reason: SuspendReason) -> None:
        if self._shift.under_way:
            self._ending = reason
            self._shift.wake(how)
            self._publish()
            await self._shift.ended()
        self._ending, self._finishing = None, False
        self._publish()

    def _order(self) -> NightOrder:
        return NightOrder()

    def _publish(self) -> None:
        state, reasons = self._state()
        night = self._shift.night
        wanted = proofs_at_once(self._dreamer.settings) if state is DreamerState.DREAMING else 0
        fault = self._shift.fault
        new = Snapshot(
            state=state,
            since=self._snapshot.since if state is self._snapshot.state else self._clock.now(),
            reasons=reasons,
            detail=fault.detail if fault and fault.reason in reasons else "",
            until=self._until,
            keep_dreaming=self._keep,
            finishing=self._finishing and self._shift.under_way,
            night_id=night.id if night else None,
            libraries=tuple(pin.name for pin in night.libraries) if night else (),
            verified=self._shift.verified,
            workers=wanted if night else 0,
            workers_wanted=wanted,
            to_review=self._to_review,
        )
        if new != self._snapshot:
            self._snapshot = new
            for listener in tuple(self._listeners):
                listener(new)

    def _state(self) -> tuple[DreamerState, tuple[SuspendReason, ...]]:
        if self._closing:
            return DreamerState.WAKING, (SuspendReason.SHUTTING_DOWN,)
        if self._shift.under_way:
            return (DreamerState.WAKING, (self._ending,)) if self._ending else (DreamerState.DREAMING, ())
        if self._paused:
            return DreamerState.PAUSED, (SuspendReason.USER_REQUEST,)
        if self._shift.fault is not None:
            return DreamerState.BLOCKED, (self._shift.fault.reason,)
        last = self._shift.last
        if last is not None and last.end is NightEnd.FAILED:
            return DreamerState.BLOCKED, (SuspendReason.SANDBOX_UNAVAILABLE,)
        return DreamerState.AWAKE, (SuspendReason.NOT_IDLE_YET,)

    async def _count_reviews(self) -> None:
        reviews = (await asyncio.to_thread(self._dreamer.journal.statistics)).reviews
        self._to_review = reviews.get(Review.PENDING, 0)
