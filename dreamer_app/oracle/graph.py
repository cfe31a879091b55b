"""GraphStore: the knowledge graph in memory, loaded lazily from its tables. Answers `KnowledgeGraph`.

Reading only. The networkx graph is built when the first relation is asked for; APIs and examples of a library are read
when they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import networkx

from dreamer_app.core.types import LibraryPin, Relation
from dreamer_app.oracle.clusters import all_clusters
from dreamer_app.oracle.flow import Flow
from dreamer_app.oracle.model import Api, Cluster, Example, NodeKind
from dreamer_app.oracle.relations import RelationIndex
from dreamer_app.store.knowledge import KnowledgeTables

API_KINDS = (NodeKind.CLASS, NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.ATTRIBUTE)


class GraphStore:
    """The knowledge graph as it was when it was first asked; after an ingest, open another.

    Args:
        file: knowledge.sqlite; None keeps it in memory.
        tables: Already opened tables, instead of the file.

    Attributes:
        file: As given.
    """

    def __init__(self, file: Path | None = None, *, tables: KnowledgeTables | None = None) -> None:
        self.file = file
        self.tables = tables if tables is not None else KnowledgeTables(file)
        self._apis: dict[str, dict[str, Api]] = {}
        self._examples: dict[str, tuple[Example, ...]] = {}
        self._pins: tuple[LibraryPin, ...] | None = None
        self._names: dict[str, Api] | None = None
        self._index: RelationIndex | None = None
        self._network: networkx.MultiDiGraph[str] | None = None
        self._clusters: dict[tuple[tuple[str, ...], int], tuple[Cluster, ...]] = {}
        self._by_key: dict[str, Example] | None = None

    def close(self) -> None:
        """Release the database."""
        self.tables.close()

    def libraries(self) -> tuple[LibraryPin, ...]:
        """Every ingested library."""
        if self._pins is None:
            self._pins = tuple(
                LibraryPin(
                    name=source.lib,
                    version=source.version,
                    license=source.license,
                    import_names=tuple(source.meta.get("import_names", ())),
                )
                for source in self.tables.sources()
            )
        return self._pins

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
        names = self._named()
        return self._find(name, names, frozenset())

    def _named(self) -> dict[str, Api]:
        """Every API by key and alias; a key wins over another API's alias."""
        if self._names is None:
            apis = [api for pin in self.libraries() for api in self.apis(pin.name)]
            aliases = {alias: api for api in reversed(apis) for alias in api.aliases}
            self._names = aliases | {api.key: api for api in apis}
        return self._names

    def _find(self, name: str, names: dict[str, Api], seen: frozenset[str]) -> Api | None:
        found = names.get(name)
        owner_name, _, member = name.rpartition(".")
        if found is not None or not owner_name or name in seen:
            return found
        seen |= {name}
        owner = self._find(owner_name, names, seen)
        if owner is None or owner.kind is not NodeKind.CLASS:
            return None
        if owner.key != owner_name:
            return self._find(f"{owner.key}.{member}", names, seen)
        inherited = (self._find(f"{base}.{member}", names, seen) for base in owner.bases)
        return next((api for api in inherited if api is not None), None)

    def examples(self, library: str) -> tuple[Example, ...]:
        """Every documentation example of a library, in order of file and line."""
        if library not in self._examples:
            rows = self.tables.nodes(library, [NodeKind.EXAMPLE.value])
            found = [self._across(json.loads(row.body)) for row in rows]
            self._examples[library] = tuple(sorted(found, key=lambda one: (one.file, one.line, one.key)))
        return self._examples[library]

    def example(self, key: str) -> Example | None:
        """One example."""
        if self._by_key is None:
            self._by_key = {one.key: one for pin in self.libraries() for one in self.examples(pin.name)}
        return self._by_key.get(key)

    def _across(self, body: dict[str, Any]) -> Example:
        """An example whose uses of other ingested libraries are resolved as well."""
        example = Example.model_validate(body["example"])
        other = [found.key for name in body.get("foreign", ()) if (found := self.api(name)) is not None]
        if not other:
            return example
        return example.model_copy(update={"uses": tuple(dict.fromkeys([*example.uses, *other]))})

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        """How two APIs are related, strongest kind first; empty when they are not."""
        first, second = self.api(src), self.api(dst)
        if first is None or second is None:
            return ()
        return self.index().between(first.key, second.key)

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        """The APIs most strongly related to one, across libraries, best first."""
        api = self.api(key)
        return self.index().related(api.key, limit) if api is not None else ()

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        """Communities of each library and bridges between each two, largest first."""
        wanted = sorted(set(libraries) & {pin.name for pin in self.libraries()})
        key = (tuple(wanted), seed)
        if key not in self._clusters:
            apis = {library: self.apis(library) for library in wanted}
            self._clusters[key] = all_clusters(wanted, self.index(), apis, seed)
        return self._clusters[key]

    def rarity(self, key: str) -> float:
        """Inverse document frequency over all examples, 0 (everywhere) to 1 (never)."""
        api = self.api(key)
        return self.index().rarity(api.key) if api is not None else 1.0

    def search(self, words: str, limit: int = 20) -> tuple[tuple[str, str, str], ...]:
        """Library, key and summary of the nodes that match words best."""
        return self.tables.search(words, limit)

    def index(self) -> RelationIndex:
        """The relation index over all libraries, built on first use."""
        if self._index is None:
            apis = {api.key: api for pin in self.libraries() for api in self.apis(pin.name)}
            found = [example for pin in self.libraries() for example in self.examples(pin.name)]
            members: dict[str, frozenset[str]] = {}
            protocols: dict[str, frozenset[str]] = {}
            for pin in self.libraries():
                for row in self.tables.nodes(pin.name, [NodeKind.CLASS.value]):
                    body = json.loads(row.body)
                    members[row.key] = frozenset(body.get("members", ()))
                    if "protocol" in body:
                        protocols[row.key] = frozenset(body["protocol"])
            flow = Flow(apis, self._locate, members, protocols)
            self._index = RelationIndex(apis, found, flow, self._pages())
        return self._index

    def _locate(self, name: str) -> str | None:
        api = self.api(name)
        return api.key if api is not None else None

    def _pages(self) -> dict[str, frozenset[str]]:
        """Sections that mention each API."""
        pages: dict[str, set[str]] = {}
        for pin in self.libraries():
            for row in self.tables.nodes(pin.name, [NodeKind.CONCEPT.value]):
                for name in json.loads(row.body).get("mentions", ()):
                    pages.setdefault(name, set()).add(row.key)
        return {name: frozenset(places) for name, places in pages.items()}

    def network(self) -> networkx.MultiDiGraph[str]:
        """The whole graph: nodes with `kind` and `library`, edges keyed by their kind with `weight`."""
        if self._network is None:
            graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
            for pin in self.libraries():
                for row in self.tables.nodes(pin.name, [kind.value for kind in NodeKind]):
                    graph.add_node(row.key, kind=row.kind, library=pin.name)
            for pin in self.libraries():
                for edge in self.tables.edges(pin.name):
                    dst = self._joined(edge.dst, graph)
                    for end in (edge.src, dst):
                        if end not in graph:
                            kind = NodeKind.TYPE if end.startswith("type:") else NodeKind.EXTERNAL
                            graph.add_node(end, kind=kind.value, library="")
                    graph.add_edge(edge.src, dst, key=edge.kind, weight=edge.weight)
            self._network = graph
        return self._network

    def _joined(self, name: str, graph: networkx.MultiDiGraph[str]) -> str:
        """The key of another library's API that an edge ends at by one of its other names."""
        if name in graph or ":" in name:
            return name
        return self._locate(name) or name
