"""How APIs are related: an index over everything that the graph knows of them. Reading only.

Kinds of relations: `see_also`, `inherits`, `defines` (class and member), `type_flow`, `co_use` (one example uses
both), `common_base`, `same_owner`, `same_page`. Relations say what the documentation and the types say; whether two
APIs really work together is found out by running them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dreamer_app.core.types import Relation
from dreamer_app.oracle.flow import CONTAINERS, Flow
from dreamer_app.oracle.model import Api, Example, NodeKind

STRENGTH = {
    "see_also": 1.0,
    "co_use": 0.9,
    "type_flow": 0.8,
    "inherits": 0.6,
    "defines": 0.5,
    "common_base": 0.3,
    "same_owner": 0.25,
    "same_page": 0.2,
}
"""How much a relation of each kind speaks for combining two APIs, by judgement; used for ranking alone."""

_FAN_OUT = 60
"""Atoms with more producers or acceptors than this relate nobody to anybody."""


class RelationIndex:
    """Answers how APIs are related.

    Args:
        apis: Every API by key.
        examples: Every example, its uses resolved across libraries.
        flow: Their type flow.
        pages: Documentation sections that mention each API.
    """

    def __init__(
        self, apis: Mapping[str, Api], examples: Sequence[Example], flow: Flow, pages: Mapping[str, frozenset[str]]
    ) -> None:
        self.apis = apis
        self.flow = flow
        self._pages = pages
        self.used_in: dict[str, set[str]] = defaultdict(set)
        self.uses: dict[str, tuple[str, ...]] = {}
        for example in examples:
            self.uses[example.key] = example.uses
            for key in example.uses:
                self.used_in[key].add(example.key)
        self._total = len(examples)
        self._see_also: dict[str, set[str]] = defaultdict(set)
        self._subclasses: dict[str, set[str]] = defaultdict(set)
        self._on_page: dict[str, set[str]] = defaultdict(set)
        for key, api in apis.items():
            for other in api.see_also:
                if other in apis:
                    self._see_also[key].add(other)
                    self._see_also[other].add(key)
            for base in api.bases:
                self._subclasses[base].add(key)
        for key, places in pages.items():
            for place in places:
                self._on_page[place].add(key)

    def rarity(self, key: str) -> float:
        """Inverse document frequency over all examples, 0 when all of them use it, 1 when none does."""
        if not self._total:
            return 1.0
        return 1.0 - math.log1p(len(self.used_in.get(key, ()))) / math.log1p(self._total)

    def between(self, src: str, dst: str) -> tuple[Relation, ...]:
        """Everything that relates two APIs, strongest kind first."""
        first, second = self.apis.get(src), self.apis.get(dst)
        if first is None or second is None or src == dst:
            return ()
        found: list[Relation] = []
        if dst in self._see_also[src]:
            stated = dst in first.see_also
            found.append(Relation(src=src if stated else dst, kind="see_also", dst=dst if stated else src))
        if self.used_in[src] & self.used_in[dst]:
            found.append(Relation(src=src, kind="co_use", dst=dst))
        for one, other in ((src, dst), (dst, src)):
            if self.flow.through(one, other):
                found.append(Relation(src=one, kind="type_flow", dst=other))
            if other in self.apis[one].bases or other in self.flow.kinds_of(one):
                found.append(Relation(src=one, kind="inherits", dst=other))
            if other.rpartition(".")[0] == one and self.apis[one].kind is NodeKind.CLASS:
                found.append(Relation(src=one, kind="defines", dst=other))
        if self._common_base(first, second):
            found.append(Relation(src=src, kind="common_base", dst=dst))
        owner = src.rpartition(".")[0]
        if owner == dst.rpartition(".")[0] and owner in self.apis:
            found.append(Relation(src=src, kind="same_owner", dst=dst))
        if self._pages.get(src, frozenset()) & self._pages.get(dst, frozenset()):
            found.append(Relation(src=src, kind="same_page", dst=dst))
        return tuple(found)

    def _common_base(self, first: Api, second: Api) -> bool:
        if first.kind is not NodeKind.CLASS or second.kind is not NodeKind.CLASS:
            return False
        return any(base in second.bases and base in self.apis for base in first.bases)

    def neighbours(self, key: str) -> Iterator[tuple[str, str, float]]:
        """APIs that may be related to one, each with kind and strength; the same API may come several times."""
        for other in sorted(self._see_also.get(key, ())):
            yield other, "see_also", STRENGTH["see_also"]
        for example in sorted(self.used_in.get(key, ())):
            together = self.uses[example]
            for other in together:
                if other != key:
                    yield other, "co_use", STRENGTH["co_use"] * self.rarity(other) ** 3 / math.log2(1 + len(together))
        flow = self.flow
        yield from self._flowing(flow.produces.get(key, frozenset()), flow.acceptors)
        yield from self._flowing(flow.accepts.get(key, frozenset()), flow.producers)
        yield from self._kin(key)

    def _flowing(self, atoms: frozenset[str], ends: Mapping[str, list[str]]) -> Iterator[tuple[str, str, float]]:
        for atom in sorted(atoms - CONTAINERS):
            others = ends.get(atom, [])
            if len(others) <= _FAN_OUT:
                for other in others:
                    yield other, "type_flow", STRENGTH["type_flow"] * self.flow.weight(atom)

    def _kin(self, key: str) -> Iterator[tuple[str, str, float]]:
        """Bases, subclasses, the owning class, and what the same page mentions."""
        for base in self.apis[key].bases:
            yield base, "inherits", STRENGTH["inherits"] / math.sqrt(max(1, len(self._subclasses.get(base, ()))))
        kin = self._subclasses.get(key, set())
        for other in sorted(kin):
            yield other, "inherits", STRENGTH["inherits"] / math.sqrt(len(kin))
        for place in sorted(self._pages.get(key, ())):
            here = self._on_page[place]
            if len(here) <= _FAN_OUT:
                for other in sorted(here):
                    yield other, "same_page", STRENGTH["same_page"] / math.sqrt(len(here))
        owner = key.rpartition(".")[0]
        if owner in self.apis:
            yield owner, "defines", STRENGTH["defines"]

    def related(self, key: str, limit: int) -> tuple[tuple[str, Relation], ...]:
        """The most strongly related APIs, best first, each with its strongest relation."""
        if key not in self.apis:
            return ()
        scores: dict[str, float] = defaultdict(float)
        for other, _, strength in self.neighbours(key):
            if other in self.apis and other != key:
                scores[other] += strength
        best = sorted(scores, key=lambda other: (-scores[other], other))
        found: list[tuple[str, Relation]] = []
        for other in best:
            relations = self.between(key, other)
            if relations:
                found.append((other, relations[0]))
            if len(found) >= limit:
                break
        return tuple(found)
