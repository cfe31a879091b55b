"""What weavers and gates may ask of the Oracle. `oracle.graph.GraphStore` answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dreamer_app.core.types import LibraryPin, Relation
from dreamer_app.oracle.model import Api, Cluster, Example


class KnowledgeGraph(Protocol):
    """The reading side of the knowledge graph. All answers are in a stable order."""

    def libraries(self) -> tuple[LibraryPin, ...]:
        """Every ingested library."""
        ...

    def apis(self, library: str) -> tuple[Api, ...]:
        """Every public API of a library."""
        ...

    def api(self, name: str) -> Api | None:
        """The API that a dotted path means, by key or alias; None when the pinned version has no such thing."""
        ...

    def examples(self, library: str) -> tuple[Example, ...]:
        """Every documentation example of a library."""
        ...

    def example(self, key: str) -> Example | None:
        """One example."""
        ...

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        """How two APIs are related: direct edges, type flow through one type atom (`type_flow`), a common base, page,
        owner or example (`co_use`), see-also. Empty when they are unrelated.
        """
        ...

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        """The APIs most strongly related to one, across libraries, best first."""
        ...

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        """Communities of each library and bridges between each two, largest first."""
        ...

    def rarity(self, key: str) -> float:
        """How seldom documentation uses an API: inverse document frequency scaled to 0 (everywhere) .. 1 (never)."""
        ...
