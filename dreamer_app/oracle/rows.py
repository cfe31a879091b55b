"""Turns the linked knowledge of one library into table rows, file by file.

The only place that knows how nodes and edges of the graph are made out of API nodes, examples and sections.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from dreamer_app.oracle.facts import PARSER_VERSION, FileFacts
from dreamer_app.oracle.link import Linked, signature
from dreamer_app.oracle.model import Api, EdgeKind, NodeKind
from dreamer_app.oracle.names import Namespace
from dreamer_app.oracle.public import PublicApi
from dreamer_app.store.knowledge import EdgeRow, FileRows, NodeRow


class RowBuilder:
    """Collects the rows of one library.

    Args:
        library: Distribution name.
        files: Facts by path.
        digests: SHA-256 by path.
        raw: Facts as JSON by path.
    """

    def __init__(
        self, library: str, files: Mapping[str, FileFacts], digests: Mapping[str, str], raw: Mapping[str, str]
    ) -> None:
        self.library = library
        self.rows = {
            path: FileRows(path=path, sha256=digests[path], parser=PARSER_VERSION, facts=raw[path]) for path in files
        }
        self._edges: dict[str, dict[tuple[str, str, str], float]] = {path: {} for path in files}
        self._first = min(files, default="")

    def edge(self, path: str, src: str, dst: str, kind: EdgeKind, weight: float = 1.0) -> None:
        """One edge; a repeated one keeps the larger weight."""
        if src == dst:
            return
        edges = self._edges.get(path) if path in self._edges else self._edges[self._first]
        assert edges is not None
        known = (src, dst, kind.value)
        edges[known] = max(weight, edges.get(known, 0.0))

    def build(
        self, space: Namespace, public: PublicApi, linked: Linked, module_files: Mapping[str, str]
    ) -> list[FileRows]:
        """All rows of the library."""
        self._modules(space, module_files)
        for api in public.apis.values():
            self._api(api, public)
        for example in linked.examples:
            self._node(
                example.file,
                NodeRow(
                    key=example.key,
                    kind=NodeKind.EXAMPLE.value,
                    name=" / ".join(example.headings[-1:]),
                    line=example.line,
                    signature=example.form,
                    summary=example.describes[:300],
                    body=json.dumps(
                        {
                            "example": example.model_dump(mode="json", exclude_defaults=True),
                            "foreign": linked.foreign.get(example.key, ()),
                        }
                    ),
                    search=example.code[:4000],
                ),
            )
            for position, key in enumerate(example.uses):
                self.edge(example.file, example.key, key, EdgeKind.USES, 1.0 / (1 + position))
            for name in linked.foreign.get(example.key, ()):
                self.edge(example.file, example.key, name, EdgeKind.USES, 0.5)
            if example.owner is not None:
                self.edge(example.file, example.key, example.owner, EdgeKind.DOCUMENTS)
        for concept in linked.concepts:
            body = {"headings": concept.headings, "mentions": concept.mentions}
            self._node(
                concept.file,
                NodeRow(
                    key=concept.key,
                    kind=NodeKind.CONCEPT.value,
                    name=concept.headings[-1],
                    line=concept.line,
                    summary=concept.text[:300],
                    body=json.dumps(body),
                    search=concept.text,
                ),
            )
            for name in concept.mentions:
                self.edge(concept.file, concept.key, name, EdgeKind.MENTIONS)
        return self._finished()

    def _node(self, path: str, node: NodeRow) -> None:
        self.rows[path if path in self.rows else self._first].nodes.append(node)

    def _modules(self, space: Namespace, module_files: Mapping[str, str]) -> None:
        package = f"package:{self.library}"
        self._node(self._first, NodeRow(key=package, kind=NodeKind.PACKAGE.value, name=self.library))
        for module, facts in sorted(space.modules.items()):
            path = module_files[module]
            summary = facts.docstring.strip().split("\n\n")[0][:300]
            self._node(
                path,
                NodeRow(
                    key=f"module:{module}",
                    kind=NodeKind.MODULE.value,
                    name=module,
                    summary=" ".join(summary.split()),
                    search=facts.docstring[:2000],
                ),
            )
            parent = module.rpartition(".")[0]
            self.edge(
                path, f"module:{parent}" if parent in space.modules else package, f"module:{module}", EdgeKind.CONTAINS
            )

    def _api(self, api: Api, public: PublicApi) -> None:
        body = api.model_dump(mode="json", exclude_defaults=True)
        extra: dict[str, object] = {}
        if api.kind is NodeKind.CLASS:
            extra["members"] = public.members.get(api.key, ())
            if api.key in public.protocols:
                extra["protocol"] = public.protocols[api.key]
        self._node(
            api.file,
            NodeRow(
                key=api.key,
                kind=api.kind.value,
                name=api.key,
                line=api.line,
                signature=signature(api),
                summary=api.summary,
                body=json.dumps({"api": body, **extra}),
                search=f"{api.key.replace('.', ' ').replace('_', ' ')} {api.docstring[:2000]}",
            ),
        )
        owner = api.key.rpartition(".")[0]
        if api.kind in {NodeKind.METHOD, NodeKind.ATTRIBUTE} and owner in public.apis:
            self.edge(api.file, owner, api.key, EdgeKind.DEFINES)
        else:
            self.edge(api.file, f"module:{api.module}", api.key, EdgeKind.DEFINES)
        for base in api.bases:
            self.edge(api.file, api.key, base, EdgeKind.INHERITS)
        for atom in produced(api):
            self.edge(api.file, api.key, f"type:{atom}", EdgeKind.RETURNS)
        for atom in accepted(api):
            self.edge(api.file, f"type:{atom}", api.key, EdgeKind.ACCEPTED_BY)
        for name in api.raises:
            self.edge(api.file, api.key, f"external:{name}", EdgeKind.RAISES)
        for name in api.see_also:
            self.edge(api.file, api.key, name, EdgeKind.SEE_ALSO)

    def _finished(self) -> list[FileRows]:
        for path, rows in self.rows.items():
            rows.edges = [
                EdgeRow(src, dst, kind, weight) for (src, dst, kind), weight in sorted(self._edges[path].items())
            ]
            digest = hashlib.sha256()
            for node in rows.nodes:
                digest.update(repr(node).encode())
            for edge in rows.edges:
                digest.update(repr(edge).encode())
            rows.digest = digest.hexdigest()
        return list(self.rows.values())


def produced(api: Api) -> tuple[str, ...]:
    """Type atoms of what calling (or reading) an API gives; a class gives itself."""
    if api.kind is NodeKind.CLASS:
        return (api.key,)
    return tuple(atom for atom in api.returns if atom != "None")


def accepted(api: Api) -> tuple[str, ...]:
    """Type atoms of everything that an API takes."""
    found = dict.fromkeys(atom for parameter in api.parameters for atom in parameter.types)
    return tuple(atom for atom in found if atom != "None")
