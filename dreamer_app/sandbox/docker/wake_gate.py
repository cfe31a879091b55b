"""Whether anything may start: the one place that knows if the computer has been taken back, and how often.

It must do nothing by itself; the sandbox freezes and thaws.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from dreamer_app.core.errors import InterruptedByWakeError

GATE_PAUSE = 0.02
"""Seconds until the next look after a step that the closing gate has spoilt."""


class WakeGate:
    """Open while work is allowed. Closing and checking are safe from any thread, opening belongs to the event loop's.

    Attributes:
        generation: Grows with every closing. What began in an older generation is void.
    """

    def __init__(self) -> None:
        self.generation = 0
        self.elsewhere: Callable[[], int] = lambda: 0
        self._seen_elsewhere = 0
        self._reason = ""
        self._guard = threading.Lock()
        self._opened = asyncio.Event()
        self._opened.set()

    def follow(self, generation: Callable[[], int]) -> None:
        """Count as closed, too, whenever this figure has grown since the last opening: somebody else has braked."""
        self.elsewhere = generation
        self._seen_elsewhere = generation()

    @property
    def closed(self) -> bool:
        """Whether nothing may start."""
        return not self._opened.is_set() or self.elsewhere() != self._seen_elsewhere

    def close(self, reason: str) -> bool:
        """Forbid all work; False when it was forbidden already."""
        with self._guard:
            if not self._opened.is_set():
                return False
            self.generation += 1
            self._reason = reason
            self._opened.clear()
            return True

    def open(self, elsewhere: int = 0) -> bool:
        """Allow work again, unless somebody else has braked since his figure was this; whether it is allowed."""
        with self._guard:
            self._seen_elsewhere = elsewhere
            self._opened.set()
        return not self.closed

    async def passable(self) -> int:
        """Wait until work is allowed; the generation that the work belongs to."""
        await self._opened.wait()
        return self.generation

    def check(self, generation: int) -> None:
        """Refuse to go on with work of an older generation.

        Raises:
            InterruptedByWakeError: The computer was taken back since.
        """
        if self.closed or generation != self.generation:
            raise InterruptedByWakeError("Interrupted", f"the computer was needed: {self._reason or 'just now'}")
