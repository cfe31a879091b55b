"""The seam of the weavers: cluster in, scenario out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Protocol

from dreamer_app.core.types import Frozen, LibraryPin, WovenScenario


class WeaveRequest(Frozen):
    """What to weave about.

    Attributes:
        libraries: Libraries under study, already ingested.
        seed: Of all random choices: the same seed over the same graph weaves the same scenarios in the same order.
        known: Identifiers of scenarios that were dreamt already and must not come again.
        wanted: How many dreams the night still hopes for; a weaver may stop producing well after that many.
        interest: Keys of APIs and names of libraries that a person has to do with, each from 0 to 1; what touches them
            comes first.
    """

    libraries: tuple[LibraryPin, ...]
    seed: int
    known: frozenset[str] = frozenset()
    wanted: int = 10
    interest: Mapping[str, float] = {}


class ScenarioWeaver(Protocol):
    """Turns neighbourhoods of the knowledge graph into scenarios."""

    @property
    def name(self) -> str:
        """Name and version, for the provenance of a dream."""
        ...

    def weave(self, request: WeaveRequest) -> AsyncIterator[WovenScenario]:
        """Yield scenarios, most natural and least covered first, until nothing new can be woven.

        Raises:
            InfrastructureError: A worker could not be had.
        """
        ...


def libraries_of(scenarios: Collection[WovenScenario]) -> frozenset[str]:
    """Names of all libraries that the scenarios study."""
    return frozenset(pin.name for woven in scenarios for pin in woven.scenario.libraries)
