"""Which drawn features belong together in the knowledge graph, and to which part of it.

A combination that the graph does not hold together is not woven: nobody documented that its parts have to do with each
other. Members count with their class, because documentation relates classes more often than their members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from dreamer_app.core.types import Relation
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, NodeKind
from dreamer_app.weaver.recorded_weaver.clusters import cluster_of

MAX_RELATIONS = 24
PER_PAIR = 2
WEAK = {"defines", "same_owner"}
"""Relations inside one class, which alone make no combination."""


@dataclass(frozen=True)
class Neighbourhood:
    """Where a combination stands in the graph.

    Attributes:
        cluster: The community or bridge that holds most of it.
        relations: The edges that hold it together, strongest kinds first for each pair.
    """

    cluster: str
    relations: tuple[Relation, ...]


def neighbourhood(apis: Sequence[Api], libraries: Sequence[str], knowledge: KnowledgeGraph) -> Neighbourhood | None:
    """Where these APIs stand; None when the graph does not hold them together.

    They must be related beyond one class, more than half of them in one connected part, and over every two libraries.
    """
    joined = {api.key: api.key for api in apis}
    relations: dict[Relation, None] = {}
    strong: set[frozenset[str]] = set()
    for one, other in combinations(apis, 2):
        found = _between(one, other, knowledge)
        if not found:
            continue
        relations.update(dict.fromkeys(found[:PER_PAIR]))
        _join(joined, one.key, other.key)
        if any(relation.kind not in WEAK for relation in found):
            strong.add(frozenset((one.library, other.library)))
    used = sorted({api.library for api in apis})
    wanted = [frozenset(pair) for pair in combinations(used, 2)] or [frozenset(used)]
    roots = [_root(joined, api.key) for api in apis]
    largest = max((roots.count(root) for root in roots), default=0)
    if largest * 2 <= len(apis) or not strong or any(pair not in strong for pair in wanted):
        return None
    return Neighbourhood(cluster_of(apis, libraries, knowledge), tuple(relations)[:MAX_RELATIONS])


def _between(one: Api, other: Api, knowledge: KnowledgeGraph) -> tuple[Relation, ...]:
    """Relations of the two, or else of the classes that they belong to."""
    direct = knowledge.relations(one.key, other.key)
    if direct:
        return direct
    owners = _owner(one, knowledge), _owner(other, knowledge)
    return knowledge.relations(*owners) if owners[0] != owners[1] else ()


def _owner(api: Api, knowledge: KnowledgeGraph) -> str:
    above = api.key.rpartition(".")[0]
    owner = knowledge.api(above) if above else None
    return owner.key if owner is not None and owner.kind is NodeKind.CLASS else api.key


def _root(joined: dict[str, str], key: str) -> str:
    while joined[key] != key:
        key = joined[key]
    return key


def _join(joined: dict[str, str], one: str, other: str) -> None:
    joined[_root(joined, one)] = _root(joined, other)
