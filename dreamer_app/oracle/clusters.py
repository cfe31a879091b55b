"""Neighbourhoods to weave from: communities within a library, bridges between two.

Communities are Louvain over the weighted relations of a library's APIs; bridges group the relations that cross between
two libraries. Seeded: the same graph and seed give the same clusters. Nothing is read from disk here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import networkx

from dreamer_app.core.types import Relation
from dreamer_app.oracle.flow import CONTAINERS
from dreamer_app.oracle.model import Api, Cluster, NodeKind
from dreamer_app.oracle.relations import STRENGTH, RelationIndex

MAX_EXAMPLES = 60
MAX_RELATIONS = 80
MAX_PARTNERS = 6
"""Strongest partners on the other side that an API keeps in a bridge; more only blur the groups."""
_MODULE = 0.15
_HANDY = {NodeKind.CLASS: 1.0, NodeKind.FUNCTION: 1.0, NodeKind.METHOD: 0.6, NodeKind.ATTRIBUTE: 0.3}
"""How readily one gets at the result of each kind of API, by judgement."""
_PAIRS = 14
"""Uses of one example that are joined pairwise; a program that touches everything relates nothing."""


def communities(library: str, index: RelationIndex, apis: Sequence[Api], seed: int) -> list[Cluster]:
    """Communities of one library, largest first."""
    graph = _library_graph(index, apis)
    if not graph:
        return []
    groups = networkx.community.louvain_communities(graph, weight="weight", resolution=1.2, seed=seed)
    kept = [sorted(name for name in group if not name.startswith("module:")) for group in groups]
    kept = sorted((group for group in kept if len(group) > 1), key=lambda group: (-len(group), group[0]))
    return [
        _cluster(f"community:{library}:{number}", (library,), group, index=index, graph=graph)
        for number, group in enumerate(kept)
    ]


def _library_graph(index: RelationIndex, apis: Sequence[Api]) -> networkx.Graph[str]:
    graph: networkx.Graph[str] = networkx.Graph()
    own = {api.key for api in apis if api.kind is not NodeKind.ATTRIBUTE or index.used_in.get(api.key)}
    weights: dict[tuple[str, str], float] = defaultdict(float)

    def join(one: str, other: str, weight: float) -> None:
        if one != other and one in own and other in own:
            weights[min(one, other), max(one, other)] += weight

    for api in apis:
        if api.key not in own:
            continue
        for other, kind, strength in index.neighbours(api.key):
            if kind != "co_use":  # all but `defines` are told from both ends
                join(api.key, other, strength if kind == "defines" else strength / 2)
        if api.kind in {NodeKind.CLASS, NodeKind.FUNCTION}:
            graph.add_edge(f"module:{api.module}", api.key, weight=_MODULE)
    for example in sorted(index.uses):
        together = sorted((key for key in index.uses[example] if key in own), key=index.rarity, reverse=True)[:_PAIRS]
        for one, other in combinations(together, 2):
            join(one, other, STRENGTH["co_use"] * index.rarity(one) * index.rarity(other) / len(together))
    for (one, other), weight in sorted(weights.items()):
        graph.add_edge(one, other, weight=weight)
    return graph


def bridges(
    first: str, second: str, index: RelationIndex, apis: Mapping[str, Sequence[Api]], seed: int
) -> list[Cluster]:
    """Bridges between two libraries, largest first; each carries the relations that make it."""
    sides = {api.key: library for library in (first, second) for api in apis[library]}
    crossing = _crossing(index, sides)
    graph: networkx.Graph[str] = networkx.Graph()
    for (one, other), found in sorted(crossing.items()):
        graph.add_edge(one, other, weight=sum(weight for weight, _ in found))
    if not graph:
        return []
    groups = networkx.community.louvain_communities(graph, weight="weight", seed=seed)
    home = {key: number for number, group in enumerate(groups) for key in group}
    degree = dict(graph.degree(weight="weight"))
    inside: dict[int, list[tuple[float, Relation]]] = defaultdict(list)
    for (one, other), found in crossing.items():
        # a pair that two groups share goes with its less connected end
        leaf = min((one, other), key=lambda key: (degree[key], key))
        inside[home[leaf]].extend(found)
    made: list[tuple[list[str], list[Relation]]] = []
    for number in sorted(inside):
        ranked = sorted(inside[number], key=lambda pair: (-pair[0], pair[1].src, pair[1].dst, pair[1].kind))
        kept = [relation for _, relation in ranked[:MAX_RELATIONS]]
        made.append((sorted({end for one in kept for end in (one.src, one.dst)}), kept))
    made.sort(key=lambda pair: (-len(pair[1]), -len(pair[0]), pair[0]))
    names = tuple(sorted((first, second)))
    return [
        _cluster(
            f"bridge:{'+'.join(names)}:{number}", names, group, index=index, graph=graph, relations=tuple(relations)
        )
        for number, (group, relations) in enumerate(made)
    ]


def _crossing(index: RelationIndex, sides: Mapping[str, str]) -> dict[tuple[str, str], list[tuple[float, Relation]]]:
    """Relations whose ends lie in different libraries, by pair, the strongest partners of each API only."""
    found: dict[tuple[str, str], dict[str, tuple[float, Relation]]] = defaultdict(dict)

    def note(weight: float, relation: Relation) -> None:
        pair = (min(relation.src, relation.dst), max(relation.src, relation.dst))
        if relation.kind not in found[pair] or found[pair][relation.kind][0] < weight:
            found[pair][relation.kind] = (weight, relation)

    for key, library in sides.items():
        api = index.apis[key]
        for other in api.see_also:
            if sides.get(other, library) != library:
                note(STRENGTH["see_also"], Relation(src=key, kind="see_also", dst=other))
        for base in api.bases:
            if sides.get(base, library) != library:
                note(STRENGTH["inherits"], Relation(src=key, kind="inherits", dst=base))
    for example in sorted(index.uses):
        together = [key for key in index.uses[example] if key in sides]
        for one, other in combinations(together, 2):
            if sides[one] != sides[other]:
                weight = STRENGTH["co_use"] * (0.5 + index.rarity(one)) * (0.5 + index.rarity(other)) / 2
                note(weight, Relation(src=one, kind="co_use", dst=other))
    _note_flow(index, sides, note)
    return _thinned({pair: list(kinds.values()) for pair, kinds in found.items()})


def _note_flow(index: RelationIndex, sides: Mapping[str, str], note: object) -> None:
    assert callable(note)
    flow = index.flow
    for atom in sorted(flow.acceptors):
        givers = [key for key in flow.producers.get(atom, ()) if key in sides and _offered(index, key)]
        takers = [key for key in flow.acceptors[atom] if key in sides and _offered(index, key)]
        if len({sides[key] for key in givers} | {sides[key] for key in takers}) < 2:
            continue
        loose = atom in CONTAINERS
        givers = sorted(givers, key=lambda key: (_plainness(index, key), key))[: 40 if loose else 80]
        takers = sorted(takers, key=lambda key: (_plainness(index, key), key))[: 40 if loose else 80]
        for giver in givers:
            for taker in takers:
                if sides[giver] != sides[taker]:
                    shown = 0.3 + 0.35 * bool(index.used_in.get(giver)) + 0.35 * bool(index.used_in.get(taker))
                    fit = _HANDY[index.apis[giver].kind] * flow.prominence(taker, atom)
                    weight = STRENGTH["type_flow"] * shown * fit * (0.15 if loose else 0.4 + 0.6 * flow.weight(atom))
                    note(weight, Relation(src=giver, kind="type_flow", dst=taker))


def _offered(index: RelationIndex, key: str) -> bool:
    """Whether an API is something one would reach for: a documented callable that is not a special method."""
    api = index.apis[key]
    return bool(api.summary) and not api.key.rpartition(".")[2].startswith("_") and not api.deprecated


def _plainness(index: RelationIndex, key: str) -> tuple[int, int]:
    """Documented by examples first."""
    return (-len(index.used_in.get(key, ())), key.count("."))


def _thinned(
    found: dict[tuple[str, str], list[tuple[float, Relation]]],
) -> dict[tuple[str, str], list[tuple[float, Relation]]]:
    partners: dict[str, list[tuple[float, tuple[str, str]]]] = defaultdict(list)
    for pair, relations in found.items():
        strength = sum(weight for weight, _ in relations)
        for key in pair:
            partners[key].append((-strength, pair))
    kept = {pair for ranked in partners.values() for _, pair in sorted(ranked)[:MAX_PARTNERS]}
    return {pair: relations for pair, relations in sorted(found.items()) if pair in kept}


def _cluster(
    name: str,
    libraries: tuple[str, ...],
    group: Sequence[str],
    *,
    index: RelationIndex,
    graph: networkx.Graph[str],
    relations: tuple[Relation, ...] = (),
) -> Cluster:
    inside = graph.subgraph(group)
    degree = dict(inside.degree(weight="weight"))
    central = sorted(group, key=lambda key: (-degree.get(key, 0.0), key))
    members = set(group)
    ranked: list[tuple[int, int, str]] = []
    for example in {one for key in group for one in index.used_in.get(key, ())}:
        uses = [key for key in index.uses[example] if key in members]
        spread = len({index.apis[key].library for key in uses})
        ranked.append((-spread, -len(uses), example))
    return Cluster(
        id=name,
        libraries=libraries,
        label=_label(central, index),
        apis=tuple(central),
        examples=tuple(example for _, _, example in sorted(ranked)[:MAX_EXAMPLES]),
        relations=relations,
    )


def _label(central: Sequence[str], index: RelationIndex) -> str:
    """The last names of the most central APIs, one of each library at least."""
    chosen: list[str] = []
    seen: set[str] = set()
    for key in central:
        if index.apis[key].library not in seen:
            seen.add(index.apis[key].library)
            chosen.append(key)
    chosen += [key for key in central if key not in chosen][: max(0, 3 - len(chosen))]
    return ", ".join(dict.fromkeys(key.rpartition(".")[2] for key in chosen))


def all_clusters(
    libraries: Sequence[str], index: RelationIndex, apis: Mapping[str, Sequence[Api]], seed: int
) -> tuple[Cluster, ...]:
    """Communities of each library and bridges between each two, largest first."""
    found: list[Cluster] = []
    for library in libraries:
        found.extend(communities(library, index, apis[library], seed))
    for first, second in combinations(sorted(libraries), 2):
        found.extend(bridges(first, second, index, apis, seed))
    return tuple(sorted(found, key=lambda cluster: (-len(cluster.apis), cluster.id)))
