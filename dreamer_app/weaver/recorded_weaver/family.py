"""The seam between the RecordedWeaver and its families of dreams.

A family knows one way of turning documentation into scenarios. It asks the graph, rehearses programs on a loom and
yields finished scenarios; it never starts workers of its own and never decides whose turn it is.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from dreamer_app.core.events import Listener
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import WovenScenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment
from dreamer_app.weaver.scenario_weaver import WeaveRequest


class Loom(Protocol):
    """A `weave` worker that is borrowed when first needed and replaced when it is lost."""

    async def environment(self) -> Environment:
        """The environment that holds all libraries of the request.

        Raises:
            InfrastructureError: It cannot be built.
        """
        ...

    async def battery(self, job: BatteryJob) -> BatteryResult:
        """Run a job; a worker that is lost is replaced once.

        Raises:
            WorkerLostError: The second worker was lost as well.
            InterruptedByWakeError: The computer was taken back meanwhile.
            InfrastructureError: No worker could be had.
        """
        ...


@dataclass(frozen=True)
class WeaveContext:
    """What every family is given.

    Attributes:
        request: Libraries, seed and known scenarios.
        knowledge: The graph.
        loom: Where programs are rehearsed.
        settings: Thresholds.
        listener: Who is told about progress.
    """

    request: WeaveRequest
    knowledge: KnowledgeGraph
    loom: Loom
    settings: Settings
    listener: Listener


class Family(Protocol):
    """One way of weaving."""

    @property
    def name(self) -> str:
        """A few letters for provenance and statistics, e.g. `functions`."""
        ...

    def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        """Yield scenarios, best first, the same ones in the same order for the same graph and seed.

        It need not look at `request.known` and need not drop near duplicates of other families; the weaver does.

        Raises:
            InfrastructureError: A worker could not be had.
        """
        ...
