"""Two weavers that take turns: the second one gets a share, as long as it has something."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from dreamer_app.core.types import WovenScenario
from dreamer_app.weaver.scenario_weaver import ScenarioWeaver, WeaveRequest


class InTurns:
    """Takes turns between two weavers.

    Args:
        main: Goes on when the other one is exhausted; ends the weaving when it is exhausted itself.
        other: Gets the share.
        share: Of all scenarios, 0 to below 1.
    """

    def __init__(self, main: ScenarioWeaver, other: ScenarioWeaver, share: float) -> None:
        self._main = main
        self._other = other
        self._rate = share / (1 - share)

    @property
    def name(self) -> str:
        """For provenance."""
        return self._main.name

    async def weave(self, request: WeaveRequest) -> AsyncIterator[WovenScenario]:
        """Yield from both; afterwards what the second one still has.

        Raises:
            InfrastructureError: A worker or a model could not be had.
        """
        credit = 0.0
        async with (
            aclosing(_generator(self._main, request)) as main,
            aclosing(_generator(self._other, request)) as other,
        ):
            async for woven in main:
                yield woven
                credit += self._rate
                while credit >= 1:
                    credit -= 1
                    turn = await anext(other, None)
                    if turn is not None:
                        yield turn
            async for woven in other:
                yield woven


def _generator(weaver: ScenarioWeaver, request: WeaveRequest) -> AsyncGenerator[WovenScenario, None]:
    weaving = weaver.weave(request)
    assert isinstance(weaving, AsyncGenerator)
    return weaving
