"""What every rung of the brake can do: stop all workers of this installation at once, from any thread."""

from __future__ import annotations

from typing import Protocol


class Brake(Protocol):
    """Holds the control group above all workers. Safe from any thread; no method raises."""

    @property
    def name(self) -> str:
        """Which rung of the ladder it is, in a few words for people."""
        ...

    def freeze(self) -> bool:
        """Order every task to stop, in well under a millisecond of this thread; whether the order went out."""
        ...

    def settled(self, seconds: float) -> bool:
        """Wait until the kernel says that every task stands still after `freeze`; whether all did in time."""
        ...

    def thaw(self) -> bool:
        """Let everything go on; whether it does."""
        ...

    def kill(self) -> bool:
        """End everything at once, frozen or not, so that its memory is free again; whether nothing is left."""
        ...

    def cpu_seconds(self) -> float | None:
        """Processor time of all workers so far, None where it cannot be read."""
        ...

    def close(self) -> None:
        """Let go of it. Where somebody else watches over this, it counts as a death: everything is killed."""
        ...
