"""The coder of recorded dreams: hands over the code whose behaviour was recorded, and invents nothing."""

from __future__ import annotations

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.solving import Solved
from dreamer_app.core.types import WovenScenario


class RecordedCoder:
    """Knows only the solutions that came with their scenarios."""

    @property
    def name(self) -> str:
        """For provenance."""
        return "recorded"

    async def solve(self, woven: WovenScenario) -> Solved:
        """Hand over the reference.

        Raises:
            DreamerError: The scenario came without one.
        """
        if woven.reference is None:
            raise DreamerError(
                "No recorded solution",
                f"scenario {woven.scenario.id} ({woven.scenario.title}) was not woven from code",
                "Choose a model to solve scenarios that a model has invented.",
            )
        return Solved(scenario=woven.scenario, candidate=woven.reference)
