"""Calls from the API's thread to the resident program on its own event loop, with a time-out.

The last snapshot is kept here, so that the state can be told while that loop is blocked. It decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.states import Snapshot
from dreamer_app.service.resident import Resident

T = TypeVar("T")

ANSWER_SECONDS = 20.0


class UnansweredError(InfrastructureError):
    """The resident program did not do in time what it was asked for; it may do it later."""


class ResidentLine:
    """The resident program, seen from another thread. Made on the resident's event loop.

    Args:
        resident: The running application.
        seconds: How long a call may take.
    """

    def __init__(self, resident: Resident, seconds: float = ANSWER_SECONDS) -> None:
        self._resident = resident
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._latest = resident.snapshot
        self._unsubscribe = resident.subscribe(self._heard)

    @property
    def snapshot(self) -> Snapshot:
        """How the program is, as far as it has said."""
        return self._latest

    async def ask(self, verb: Callable[[Resident], Coroutine[Any, Any, None]]) -> Snapshot:
        """Call a verb and wait until it is in force.

        Raises:
            UnansweredError: It takes too long. It is not called off: a stop that is late is still a stop.
            DreamerError: The verb was refused.
        """
        future = asyncio.run_coroutine_threadsafe(self._told(verb), self._loop)
        return await self._in_time(asyncio.wrap_future(future))

    def run_there(self, action: Callable[[], None]) -> None:
        """Have something done on the resident's thread, without waiting."""
        self._loop.call_soon_threadsafe(action)

    def hang_up(self) -> None:
        """Hear of no more changes. On the resident's thread."""
        self._unsubscribe()

    async def _told(self, verb: Callable[[Resident], Coroutine[Any, Any, None]]) -> Snapshot:
        await verb(self._resident)
        return self._resident.snapshot

    async def _in_time(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(answer)
        except TimeoutError:
            raise UnansweredError(
                "The Dreamer is busy",
                f"It did not answer within {self._seconds:g} s.",
                "It may still do it; look again.",
            ) from None

    def _heard(self, snapshot: Snapshot) -> None:
        self._latest = snapshot
