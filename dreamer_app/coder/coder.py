"""The seam of the coders: scenario in, candidate out."""

from __future__ import annotations

from typing import Protocol

from dreamer_app.core.solving import Solved
from dreamer_app.core.types import WovenScenario


class Coder(Protocol):
    """Proposes a `solution.py` for a scenario."""

    @property
    def name(self) -> str:
        """For provenance: `recorded` or `model:<name>`."""
        ...

    async def solve(self, woven: WovenScenario) -> Solved:
        """Propose a solution.

        Raises:
            DreamerError: There is none to propose.
            InfrastructureError: What it needs is offline.
        """
        ...
