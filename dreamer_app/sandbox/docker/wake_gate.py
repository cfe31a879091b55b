"""Whether anything may start: the one place that knows if the computer has been taken back, and how often.

It must do nothing by itself; the sandbox freezes and thaws.
"""

from __future__ import annotations

import asyncio

from dreamer_app.core.errors import InterruptedByWakeError


class WakeGate:
    """Open while work is allowed.

    Attributes:
        generation: Grows with every closing. What began in an older generation is void.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._reason = ""
        self._opened = asyncio.Event()
        self._opened.set()

    @property
    def closed(self) -> bool:
        """Whether nothing may start."""
        return not self._opened.is_set()

    def close(self, reason: str) -> bool:
        """Forbid all work; False when it was forbidden already."""
        if self.closed:
            return False
        self.generation += 1
        self._reason = reason
        self._opened.clear()
        return True

    def open(self) -> None:
        """Allow work again."""
        self._opened.set()

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
            raise InterruptedByWakeError("Interrupted", f"the computer was needed: {self._reason}")
