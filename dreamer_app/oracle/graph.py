"""GraphStore: the knowledge graph in memory, loaded lazily from its tables. Answers `KnowledgeGraph`.

Reading only. The networkx graph is built when the first relation is asked for; APIs and examples of a library are read
when they are asked for.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dreamer_app.core.types import LibraryPin, Relation
from dreamer_app.oracle.model import Api, Cluster, Example, NodeKind
from dreamer_app.store.knowledge import KnowledgeTables

API_KINDS = (NodeKind.CLASS, NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.ATTRIBUTE)


class GraphStore:
    """The knowledge graph.

    Args:
        file: knowledge.sqlite; None keeps it in memory.
        tables: Already opened tables, instead of the file.
    """

    def __init__(self, file: Path | None = None, *, tables: KnowledgeTables | None = None) -> None:
        self.tables = tables if tables is not None else KnowledgeTables(file)
        self._apis: dict[str, dict[str, Api]] = {}
        self._examples: dict[str, tuple[Example, ...]] = {}
        self._names: dict[str, str] | None = None

    def close(self) -> None:
        """Release the database."""
        self.tables.close()

    def libraries(self) -> tuple[LibraryPin, ...]:
        """Every ingested library."""
        return tuple(
            LibraryPin(
                name=source.lib,
                version=source.version,
                license=source.license,
                import_names=tuple(source.meta.get("import_names", ())),
            )
            for source in self.tables.sources()
        )

    def apis(self, library: str) -> tuple[Api, ...]:
        """Every public API of a library, by key."""
        return tuple(self._loaded(library).values())

    def _loaded(self, library: str) -> dict[str, Api]:
        if library not in self._apis:
            rows = self.tables.nodes(library, [kind.value for kind in API_KINDS])
            self._apis[library] = {row.key: Api.model_validate(json.loads(row.body)["api"]) for row in rows}
        return self._apis[library]

    def api(self, name: str) -> Api | None:
        """The API that a dotted path means, inherited members included."""
        if self._names is None:
            self._names = {}
            for pin in self.libraries():
                for api in self.apis(pin.name):
                    for alias in api.aliases:
                        self._names.setdefault(alias, api.key)
            for pin in self.libraries():
                for api in self.apis(pin.name):
                    self._names[api.key] = api.key
        return self._find(name, frozenset())

    def _find(self, name: str, seen: frozenset[str]) -> Api | None:
        assert self._names is not None
        key = self._names.get(name)
        if key is not None:
            for pin in self.libraries():
                if key in self._loaded(pin.name):
                    return self._loaded(pin.name)[key]
        owner_name, _, member = name.rpartition(".")
        if not owner_name or name in seen:
            return None
        owner = self._find(owner_name, seen | {name})
        if owner is None or owner.kind is not NodeKind.CLASS:
            return None
        if owner.key != owner_name and f"{owner.key}.{member}" in self._names:
            return self._find(f"{owner.key}.{member}", seen | {name})
        for base in owner.bases:
            found = self._find(f"{base}.{member}", seen | {name})
            if found is not None:
                return found
        return None

    def examples(self, library: str) -> tuple[Example, ...]:
        """Every documentation example of a library, in order of file and line."""
        if library not in self._examples:
            rows = self.tables.nodes(library, [NodeKind.EXAMPLE.value])
            found = [Example.model_validate_json(row.body) for row in rows]
            self._examples[library] = tuple(sorted(found, key=lambda one: (one.file, one.line, one.key)))
        return self._examples[library]

    def example(self, key: str) -> Example | None:
        """One example."""
        for pin in self.libraries():
            for example in self.examples(pin.name):
                if example.key == key:
                    return example
        return None

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        """How two APIs are related."""
        return ()

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        """The APIs most strongly related to one."""
        return ()

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        """Communities and bridges."""
        return ()

    def rarity(self, key: str) -> float:
        """Inverse document frequency over all examples."""
        counts = Counter(use for pin in self.libraries() for example in self.examples(pin.name) for use in example.uses)
        total = sum(len(self.examples(pin.name)) for pin in self.libraries())
        return 1.0 if not total else 1 - math.log1p(counts[key]) / math.log1p(total)
