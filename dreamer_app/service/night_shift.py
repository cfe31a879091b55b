"""One night at a time on behalf of the resident program: begins it, holds it, ends it, and knows how far it is.

It never decides when to dream; nor does it outlive the task group that it is given.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import DreamerError, UsageError, first_dreamer_error
from dreamer_app.core.events import Broadcast, DreamJudged, Event, NightEnded, NightStarted
from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import DreamState, Frozen, Night, NightEnd
from dreamer_app.engine.wake import WakeReason
from dreamer_app.service.dreamer import Dreamer, NightOrder
from dreamer_app.service.senses import WakePath

_log = logging.getLogger(__name__)

OVERRULE_AFTER = 2.0
"""Seconds in which whoever decides has heard of every event that froze the workers by itself."""


class Fault(Frozen):
    """Why a night could not go on.

    Attributes:
        reason: The kind of fault.
        detail: What happened and what mends it.
    """

    reason: SuspendReason
    detail: str


class NightShift:
    """Runs nights. Belongs to the event loop's thread.

    Args:
        dreamer: Dreams.
        events: What the dreamer tells.
        clock: What time it is.
        changed: Called whenever something here is different.
        wake_path: Stops all work faster than the night can; None where there is none.
    """

    def __init__(
        self,
        dreamer: Dreamer,
        events: Broadcast,
        clock: Clock,
        changed: Callable[[], None],
        wake_path: WakePath | None = None,
    ) -> None:
        self.night: Night | None = None
        self.last: Night | None = None
        self.began_at = 0.0
        self.verified = 0
        self.workers = 0
        self.fault: Fault | None = None
        self.stood_still_at: float | None = None
        self._dreamer = dreamer
        self._clock = clock
        self._changed = changed
        self._wake_path = wake_path
        self._group: asyncio.TaskGroup | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = self._over = False
        self._holding = asyncio.Lock()
        self._unsubscribe = events.subscribe(self._heard)

    @property
    def under_way(self) -> bool:
        """Whether a night runs, or is being prepared or put away."""
        return self._task is not None

    def begin(self, group: asyncio.TaskGroup, order: NightOrder, workers: int) -> None:
        """Start a night unless one is under way.

        Args:
            group: Owns all tasks of the night.
            order: What the night shall be.
            workers: How many of its workers may work at first.
        """
        if self._task is None:
            self.fault, self.verified, self.workers, self.stood_still_at = None, 0, workers, None
            self._group, self._begun, self._over = group, False, False
            self._task = group.create_task(self._run(order), name="night")
            self._task.add_done_callback(self._put_away)

    def finish(self) -> None:
        """Let it end after the dreams under way."""
        if self._task is not None and not self._begun:
            self._task.cancel()
        elif self._task is not None and not self._over:
            self._dreamer.finish()

    def wake(self, how: WakeReason, reason: SuspendReason) -> None:
        """Freeze its workers and end it, at once."""
        if self._wake_path is not None:
            self._wake_path.trigger(reason)
            self._later(self._wake_path.release(reason))
        if self._task is not None and not self._begun:
            self._task.cancel()
        elif self._task is not None and not self._over:
            self._dreamer.wake_up(how)

    def hold(self, reason: SuspendReason) -> None:
        """Freeze its workers at once; the night stays."""
        self.stood_still_at = None
        if self._wake_path is not None:
            self._wake_path.trigger(reason)
        self._later(self._hold(reason))

    def heed_input(self, *, on: bool) -> None:
        """Whether input may freeze its workers before anybody has decided anything."""
        if self._wake_path is not None:
            self._wake_path.heed_input(on=on)

    def overrule(self, now: float) -> None:
        """Thaw what was frozen by itself some time ago and is still wanted.

        Args:
            now: `time.monotonic`.
        """
        since = None if self._wake_path is None else self._wake_path.awake_since
        if since is not None and now - since > OVERRULE_AFTER and not self._holding.locked():
            self.go_on()

    def go_on(self) -> None:
        """Thaw them."""
        self._later(self._go_on())

    def resize(self, workers: int) -> None:
        """Let so many work from now on."""
        self.workers = workers
        if self._dreamer.engine is not None:
            self._dreamer.engine.resize(workers)

    async def ended(self) -> None:
        """Wait until no night is under way."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def close(self) -> None:
        """Hear no more events."""
        self._unsubscribe()

    async def _hold(self, reason: SuspendReason) -> None:
        async with self._holding:
            engine = self._dreamer.engine
            if engine is None or self._over:  # it has not begun to work yet: it must not, either
                self.wake(WakeReason.PRESENCE, reason)
                return
            try:
                await engine.hold(reason.text)
            except (DreamerError, TimeoutError) as error:
                _log.warning("the night could not be held and is ended instead: %s", error)
                self.wake(WakeReason.PRESENCE, reason)
            self.stood_still_at = self._clock.monotonic()
            self._changed()

    async def _go_on(self) -> None:
        async with self._holding:
            if self._wake_path is not None:
                await self._wake_path.thaw()
            if self._dreamer.engine is not None:
                await self._dreamer.engine.go_on()

    def _later(self, work: Coroutine[None, None, None]) -> None:
        if self._group is None or self._task is None:
            work.close()
        else:
            self._group.create_task(work)

    async def _run(self, order: NightOrder) -> None:
        self._begun = True
        try:
            await self._dreamer.night(order)
        except Exception as error:
            _log.warning("the night could not go on: %s", error, exc_info=not isinstance(error, DreamerError))
            self.fault = _fault_of(error)

    def _put_away(self, _task: asyncio.Task[None]) -> None:
        self._task = self.night = None
        self._changed()

    def _heard(self, event: Event) -> None:
        match event:
            case NightStarted(night=night):
                self.night, self.began_at = night, self._clock.monotonic()
                self.resize(self.workers)
            case NightEnded(night=night):
                self.last, self._over = night, True
                self.fault = _fault_after(night)
            case DreamJudged(dream=dream) if dream.state is DreamState.VERIFIED:
                self.verified += 1
            case _:
                return
        self._changed()


def _fault_of(error: Exception) -> Fault:
    """What a person is told of an error that ended a night."""
    known = first_dreamer_error(error)
    if known is None:
        return Fault(reason=SuspendReason.TOO_MANY_FAILURES, detail=f"{type(error).__name__}: {error}")
    reason = SuspendReason.NO_KNOWLEDGE if isinstance(known, UsageError) else SuspendReason.SANDBOX_UNAVAILABLE
    return Fault(reason=reason, detail=" ".join(part for part in (known.message, known.hint) if part))


def _fault_after(night: Night) -> Fault | None:
    """What keeps the next night from being any better."""
    if night.end is NightEnd.FAILED:
        return Fault(reason=SuspendReason.SANDBOX_UNAVAILABLE, detail="Workers failed again and again; see the log.")
    if night.end is NightEnd.SATURATED:
        text = "Everything that is known was dreamt about; ingest another library."
        return Fault(reason=SuspendReason.NO_KNOWLEDGE, detail=text)
    return None
