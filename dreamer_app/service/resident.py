"""The program that stays: what tray, local API and command line may ask of the running application.

The seam between the surfaces and whoever keeps the state; it decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from dreamer_app.core.states import Snapshot, SuspendReason

SnapshotListener = Callable[[Snapshot], None]


class Resident(Protocol):
    """The running application, on its own event loop. Every verb is idempotent and returns once it is in force."""

    @property
    def snapshot(self) -> Snapshot:
        """How it is now."""
        ...

    def subscribe(self, listener: SnapshotListener) -> Callable[[], None]:
        """Be told of every change, on the event loop's thread; the result ends it."""
        ...

    async def dream_now(self) -> None:
        """Start at once, ignoring input for a short grace.

        Raises:
            UsageError: A hard reason stands against it; the message names it.
        """
        ...

    async def stop(self) -> None:
        """End the night now."""
        ...

    async def finish(self) -> None:
        """End the night after the dreams under way."""
        ...

    async def pause(self, until: datetime | None = None) -> None:
        """Do not dream until then, or until `resume`."""
        ...

    async def resume(self) -> None:
        """End a pause."""
        ...

    async def keep_dreaming(self, *, on: bool) -> None:
        """Go on with one worker while somebody uses the computer; heat, battery and games still stop it."""
        ...

    async def wake(self, reason: SuspendReason) -> None:
        """Give the computer back at once."""
        ...

    async def shut_down(self) -> None:
        """End everything of ours; nothing is left running when it returns."""
        ...
