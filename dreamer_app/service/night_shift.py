"""One night at a time on behalf of the resident program: begins it, ends it, and knows how far it is.

It never decides when to dream; nor does it outlive the task group that it is given.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from dreamer_app.core.errors import DreamerError, UsageError, first_dreamer_error
from dreamer_app.core.events import Broadcast, DreamJudged, Event, NightEnded, NightStarted
from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import DreamState, Frozen, Night
from dreamer_app.engine.wake import WakeReason
from dreamer_app.service.dreamer import Dreamer, NightOrder

_log = logging.getLogger(__name__)


class Fault(Frozen):
    """Why a night could not go on.

    Attributes:
        reason: The kind of fault.
        detail: What happened and what mends it.
    """

    reason: SuspendReason
    detail: str


class NightShift:
    """Runs nights.

    Args:
        dreamer: Dreams.
        events: What the dreamer tells.
        changed: Called on the event loop's thread whenever something here is different.
    """

    def __init__(self, dreamer: Dreamer, events: Broadcast, changed: Callable[[], None]) -> None:
        self.night: Night | None = None
        self.last: Night | None = None
        self.verified = 0
        self.fault: Fault | None = None
        self._dreamer = dreamer
        self._changed = changed
        self._task: asyncio.Task[None] | None = None
        self._begun = False
        self._over = False
        self._unsubscribe = events.subscribe(self._heard)

    @property
    def under_way(self) -> bool:
        """Whether a night runs, or is being prepared or put away."""
        return self._task is not None

    def begin(self, group: asyncio.TaskGroup, order: NightOrder) -> None:
        """Start a night unless one is under way."""
        if self._task is None:
            self.fault, self.verified = None, 0
            self._begun = self._over = False
            self._task = group.create_task(self._run(order), name="night")
            self._task.add_done_callback(self._put_away)
            self._changed()

    def finish(self) -> None:
        """Let it end after the dreams under way."""
        if self._task is not None and not self._begun:
            self._task.cancel()
        elif self._task is not None and not self._over:
            self._dreamer.finish()

    def wake(self, reason: WakeReason) -> None:
        """Freeze its workers and end it, at once."""
        if self._task is not None and not self._begun:
            self._task.cancel()
        elif self._task is not None and not self._over:
            self._dreamer.wake_up(reason)

    async def ended(self) -> None:
        """Wait until no night is under way."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def close(self) -> None:
        """Hear no more events."""
        self._unsubscribe()

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
                self.night = night
            case NightEnded(night=night):
                self.last, self._over = night, True
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
