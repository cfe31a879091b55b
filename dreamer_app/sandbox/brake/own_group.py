"""The first rung: the program may write the control group itself. One write, nobody in between."""

from __future__ import annotations

from dreamer_app.sandbox.runner.group import Group


class OwnGroup:
    """A brake over files.

    Args:
        group: The control group.
    """

    def __init__(self, group: Group) -> None:
        self.group = group

    @property
    def name(self) -> str:
        """Which rung it is."""
        return "own control group"

    def freeze(self) -> bool:
        """Order every task to stop; whether the kernel took the order."""
        return self.group.freeze()

    def settled(self, seconds: float) -> bool:
        """Wait until every task stands still; whether all did in time."""
        return self.group.settled(seconds)

    def thaw(self) -> bool:
        """Let everything go on; whether it does."""
        return self.group.thaw()

    def kill(self) -> bool:
        """End everything at once; whether nothing is left. Freezes first: a frozen fork bomb cannot run away."""
        if not self.group.ordered_to_freeze():
            self.group.freeze()
        return self.group.kill()

    def cpu_seconds(self) -> float | None:
        """Processor time of all workers so far, None where it cannot be read."""
        used = self.group.usage_usec()
        return None if used is None else used / 1e6

    def close(self) -> None:
        """Files need no closing."""
