"""The weaver that needs no model: recombines runnable documentation and records what it does.

It only takes turns between its families, drops what is known already or too near to what was just woven, and lends
them a worker. How a scenario is made is a family's matter.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from dreamer_app.core.events import Listener, ignore
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import WovenScenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.weaver.recorded_weaver.apps.family import AppFamily
from dreamer_app.weaver.recorded_weaver.family import Family, WeaveContext
from dreamer_app.weaver.recorded_weaver.functions import FunctionFamily
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.merges.family import MergeFamily
from dreamer_app.weaver.recorded_weaver.models.family import ModelFamily
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from dreamer_app.weaver.triviality import NearDuplicates

NAME = "recorded/1"
"""With its version, for provenance."""


class RecordedWeaver:
    """Weaves from documentation examples alone.

    Args:
        knowledge: The graph.
        sandbox: Where programs are rehearsed.
        settings: Thresholds.
        listener: Who is told about progress.
        families: Ways of weaving, in the order of their turns; all that there are when None.
    """

    def __init__(
        self,
        knowledge: KnowledgeGraph,
        sandbox: Sandbox,
        settings: Settings,
        listener: Listener = ignore,
        families: Sequence[Family] | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._sandbox = sandbox
        self._settings = settings
        self._listener = listener
        self._families = tuple(families) if families is not None else default_families()

    @property
    def name(self) -> str:
        """For provenance."""
        return NAME

    async def weave(self, request: WeaveRequest) -> AsyncGenerator[WovenScenario, None]:
        """Take one scenario of each family in turn until all families are exhausted.

        Raises:
            InfrastructureError: A worker could not be had.
        """
        async with WorkerLoom(self._sandbox, request.libraries) as loom:
            context = WeaveContext(request, self._knowledge, loom, self._settings, self._listener)
            async with aclosing(in_turns(self._families, context)) as stream:
                async for woven in stream:
                    yield woven


async def in_turns(families: Sequence[Family], context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
    """One scenario of each family in turn until all families are exhausted; see `RecordedWeaver.weave`."""
    seen = NearDuplicates(context.settings.guardian.novelty)
    known = set(context.request.known)
    streams = [family.weave(context) for family in families]
    try:
        while streams:
            for stream in tuple(streams):
                woven = await _next(stream, known, seen, context.settings.weaver.naturalness)
                if woven is None:
                    streams.remove(stream)
                else:
                    yield woven
    finally:
        for stream in streams:
            await stream.aclose()


async def _next(
    stream: AsyncGenerator[WovenScenario, None], known: set[str], seen: NearDuplicates, naturalness: float
) -> WovenScenario | None:
    """The next scenario of one family that is natural, unknown and no near duplicate."""
    async for woven in stream:
        scenario = woven.scenario
        if scenario.id in known or scenario.naturalness.score < naturalness:
            continue
        if woven.reference is not None and not seen.admit(woven.reference.solution):
            continue
        known.add(scenario.id)
        return woven
    return None


def default_families() -> tuple[Family, ...]:
    """Every family, in the order of their turns."""
    return (AppFamily(), MergeFamily(), ModelFamily(), FunctionFamily())
