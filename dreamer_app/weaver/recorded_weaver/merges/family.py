"""The family of merged apps: two related documentation programs in one app, joined by a wire that neither has.

Pairs are drawn by what the graph knows of their APIs. Features are learned when a pair first needs them, and only once.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, replace

from dreamer_app.core.events import Progress
from dreamer_app.core.types import ApiUse, Candidate, Knowledge, LibraryPin, Relation, Scenario, WovenScenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Example, NodeKind
from dreamer_app.weaver.naturalness import score
from dreamer_app.weaver.recorded_weaver.apps.draft import seeded
from dreamer_app.weaver.recorded_weaver.apps.family import difficulty_of, imported_libraries, kind_of, quotes_for
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.recorded_weaver.merges.harvest import Feature, harvest
from dreamer_app.weaver.recorded_weaver.merges.merging import RANKS, Wire, apart, merge, wires
from dreamer_app.weaver.recorded_weaver.merges.rehearsing import Known, Rehearsing, tree_facet
from dreamer_app.weaver.recorded_weaver.merges.script import Facet, Scene, written_tests
from dreamer_app.weaver.recorded_weaver.merges.wording import Told, prompt
from dreamer_app.weaver.triviality import ExampleIndex, NearDuplicates, measure

LIBRARY = "textual"
KINDS = ("co_use", "type_flow", "common_base", "see_also", "inherits")
MAX_APIS = 8
MAX_RELATIONS = 24
COMMON = ("textual.app.App", "textual.app.ComposeResult", "textual.dom.DOMNode.query_one")
"""APIs that every app has; a relation between them says nothing."""
TITLES = {
    "write": "Log every {}",
    "write_line": "Log every {}",
    "update": "Show the latest {}",
    "advance": "Advance a progress bar with every {}",
    "border_title": "Show the latest {} on a border",
    "reactive": "Hand every {} to the other widget",
}
"""First half of a title, by what takes the text."""


@dataclass(frozen=True)
class Pair:
    """Two features that the graph relates, and what one tells the other."""

    teller: Feature
    taker: Feature
    wire: Wire
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class Desk:
    """What every merge needs.

    Attributes:
        context: Of the family.
        rehearsing: Where programs run.
        index: For the likeness to documentation examples.
        programs: Documentation programs by key.
        near: What was merged already.
    """

    context: WeaveContext
    rehearsing: Rehearsing
    index: ExampleIndex
    programs: dict[str, Example]
    near: NearDuplicates


class MergeFamily:
    """Weaves merged apps; needs `textual` and its documentation programs."""

    def __init__(self) -> None:
        self.figures: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """For provenance."""
        return "merges"

    async def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        """See `Family.weave`.

        Raises:
            InfrastructureError: No worker could be had.
        """
        pins = {pin.name: pin for pin in context.request.libraries}
        if LIBRARY not in pins:
            return
        knowledge = context.knowledge
        programs = [example for example in knowledge.examples(LIBRARY) if example.form == "program"]
        uses = {example.key: example for example in programs}
        features = [f for example in programs if (f := harvest(example.key, example.code)) is not None]
        index = ExampleIndex([example for name in pins for example in knowledge.examples(name)])
        rehearsing = Rehearsing(context.loom)
        self.figures["features"] = len(features)
        context.listener(Progress(task="weave merges", step="reading documented programs"))
        desk = Desk(context, rehearsing, index, uses, NearDuplicates(context.settings.guardian.novelty))
        learned: dict[str, Known | None] = {}
        for pair in _pairs(features, uses, knowledge, context.request.seed):
            self.figures["pairs"] += 1
            for feature in (pair.teller, pair.taker):
                if feature.key not in learned:
                    learned[feature.key] = await rehearsing.learn(feature)
            teller, taker = learned[pair.teller.key], learned[pair.taker.key]
            if teller is None or taker is None:
                continue
            woven = await _weave(pair, teller, taker, desk)
            self.figures |= rehearsing.dropped
            if woven is not None:
                yield woven


def _joint(wire: Wire) -> str:
    """What a wire joins: two programs that log the same event are alike, whatever else they show."""
    return f"{wire.event} -> {wire.taker}"


def _pairs(
    features: Sequence[Feature], uses: dict[str, Example], knowledge: KnowledgeGraph, seed: int
) -> Iterator[Pair]:
    """Related pairs, each time one whose features and whose kind of wire came least so far."""
    rng = seeded(f"{seed}:merges")
    open_ones = list(itertools.permutations(features, 2))
    rng.shuffle(open_ones)
    ranked: list[tuple[int, Feature, Feature, Wire]] = []
    for teller, taker in open_ones:
        other = apart(teller, taker)
        wire = next(iter(wires(teller, other, knowledge)), None) if other else None
        if wire is not None:
            ranked.append((RANKS.index(wire.taker.rpartition(".")[2]), teller, taker, wire))
    came: Counter[str] = Counter()
    while ranked:
        _rank, teller, taker, wire = best = min(
            ranked, key=lambda one: one[0] / 3 + came[one[1].key] + came[one[2].key] + came[_joint(one[3])]
        )
        came[_joint(wire)] += 1
        ranked.remove(best)
        relations = _relations(uses[teller.key], uses[taker.key], knowledge)
        if not relations:
            continue
        came.update((teller.key, taker.key))
        ranked = [one for one in ranked if {one[1].key, one[2].key} != {teller.key, taker.key}]
        yield Pair(teller, taker, wire, relations)


def _relations(one: Example, other: Example, knowledge: KnowledgeGraph) -> tuple[Relation, ...]:
    found: dict[Relation, None] = {}
    for src in one.uses:
        for dst in other.uses:
            if src != dst and not src.startswith(COMMON) and not dst.startswith(COMMON):
                for relation in knowledge.relations(src, dst):
                    if relation.kind in KINDS:
                        found[relation] = None
    return tuple(found)[:MAX_RELATIONS]


async def _weave(pair: Pair, teller: Known, taker: Known, desk: Desk) -> WovenScenario | None:
    other = apart(teller.feature, taker.feature)
    wire = next(iter(wires(teller.feature, other, desk.context.knowledge)), None) if other else None
    if other is None or wire is None:
        return None
    name = _name(teller.feature, other)
    solution = merge((teller.feature, other), wire, name)
    if solution is None:
        desk.rehearsing.dropped["handlers cannot be told apart"] += 1
        return None
    if not desk.near.admit(solution):
        desk.rehearsing.dropped["near duplicate"] += 1
        return None
    scenes = _scenes(teller, _moved(taker, other), wire)
    apis = _apis((desk.programs[pair.teller.key], desk.programs[pair.taker.key]), wire, desk.context)
    done = await desk.rehearsing.rehearse(solution, written_tests(name, scenes), name, apis)
    if done is None:
        return None
    tests, kept = done
    shown = [key.rpartition(":")[2] for key in (pair.teller.key, pair.taker.key)]
    purpose = f"{_nouns(teller.feature)} on top, {_nouns(other)} below. {wire.rule}"
    return _write(pair, Told(solution, tests, scenes, name, purpose, wire, shown), kept, desk, other)


def _moved(known: Known, other: Feature) -> Known:
    """What is known of a feature, said of it under its new identifiers."""
    names = {a.id: b.id for a, b in zip(known.feature.widgets, other.widgets, strict=True) if a.id != b.id}

    def text(source: str) -> str:
        for old, new in names.items():
            source = re.sub(rf"#{re.escape(old)}(?![\w-])", f"#{new}", source)
        return source

    def facet(one: Facet) -> Facet:
        return Facet(text(one.expression), text(one.caption))

    acts = tuple(
        (
            replace(
                step,
                lines=tuple(text(line) for line in step.lines),
                told=text(step.told),
                widget=names.get(step.widget, step.widget),
            ),
            tuple(facet(one) for one in looks),
        )
        for step, looks in known.acts
    )
    return Known(other, tuple(facet(f) for f in known.start), acts, tuple(facet(f) for f in known.live))


def _scenes(teller: Known, taker: Known, wire: Wire) -> list[Scene]:
    live = tuple(dict.fromkeys((*teller.live, *taker.live, wire.facet)))
    steps = [step for step, _ in teller.acts if step.widget in wire.triggers] or [step for step, _ in teller.acts]
    told = tuple((step, (wire.facet,)) for step in steps[:3])
    first = tuple((step, looks) for step, looks in teller.acts)
    second = tuple((step, looks) for step, looks in taker.acts)
    return [
        Scene("starts_as_composed", ((None, (tree_facet(), *teller.start, *taker.start)),)),
        Scene("first_part", (*first[:-1], (first[-1][0], live))),
        Scene("second_part", (*second[:-1], (second[-1][0], live))),
        Scene("what_is_told", told),
        Scene("both_together", (second[0], (first[0][0], live), (second[-1][0], live))),
    ]


def _apis(examples: Sequence[Example], wire: Wire, context: WeaveContext) -> list[Api]:
    found: dict[str, Api] = {}
    pins = {pin.name for pin in context.request.libraries}
    kinds = (NodeKind.CLASS, NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.ATTRIBUTE)
    for key in (wire.event, wire.taker, "textual.on", *(key for example in examples for key in example.uses)):
        api = context.knowledge.api(key)
        if api is None or api.library not in pins or api.kind not in kinds or api.deprecated:
            continue
        passed_on = api.key != wire.event and api.key.split(".")[-2][:1].isupper() and api.kind is NodeKind.CLASS
        if not passed_on and not api.key.startswith(COMMON[:2]):
            found.setdefault(api.key, api)
    ranked = sorted(found.values(), key=lambda api: (api.library == LIBRARY, -context.knowledge.rarity(api.key)))
    chosen = {api.key for api in ranked[:MAX_APIS]} | {wire.event}
    return [api for api in found.values() if api.key in chosen]


def _name(teller: Feature, taker: Feature) -> str:
    words = [_telling(feature)[0] for feature in (teller, taker)]
    if words[0] == words[1]:
        words[1] = _telling(taker)[-1]
    return f"{words[0]}And{words[1]}App"


def _telling(feature: Feature) -> list[str]:
    """Classes of the widgets, the ones that only hold or name others last in line."""
    words = [widget.cls for widget in feature.widgets]
    return [w for w in words if w not in ("Label", "Horizontal", "Vertical", "VerticalScroll", "Grid")] or words


def _write(pair: Pair, told: Told, apis: Sequence[Api], desk: Desk, taker: Feature) -> WovenScenario | None:
    context, solution, name = desk.context, told.solution, told.name
    used = {api.library for api in apis} | (
        imported_libraries(solution) & {pin.name for pin in context.request.libraries}
    )
    libraries: tuple[LibraryPin, ...] = tuple(pin for pin in context.request.libraries if pin.name in used)
    if len(apis) < 2 or any(all(api.library != pin.name for api in apis) for pin in libraries):
        return None
    triviality = measure(solution, desk.index, necessary_apis=[api.key for api in apis], documented_shapes=True)
    if triviality.similarity >= context.settings.guardian.memorised:
        return None
    quotes = quotes_for(apis, context.knowledge)
    examples = (pair.teller.key, pair.taker.key)
    parts = {"relation": 1.0, "pattern": 0.8, "wording": 0.8, "names": 0.8, "size": 1.0}
    head = TITLES[told.wire.taker.rpartition(".")[2]].format(told.wire.short)
    title = f"{head}: {_nouns(pair.teller)} above {_nouns(taker)}"
    scenario = Scenario(
        title=title,
        prompt=prompt(told, libraries, quotes),
        kind="app",
        entry_point=name,
        signature=f"class {name}(App):",
        tests=told.tests,
        libraries=libraries,
        uses_api=tuple(ApiUse(name=api.key, library=api.library, kind=kind_of(api)) for api in apis),
        knowledge=Knowledge(
            cluster=f"{'bridge' if len(libraries) > 1 else 'community'}:{'+'.join(pin.name for pin in libraries)}",
            nodes=tuple(api.key for api in apis),
            relations=pair.relations,
            quotes=quotes,
            examples=examples,
        ),
        difficulty=difficulty_of(solution, apis, len(libraries), context.knowledge),
        naturalness=score(parts),
        triviality=triviality,
        pattern="merge",
        origin="recorded",
        seed=context.request.seed,
    )
    return WovenScenario(scenario=scenario, reference=Candidate(solution=solution, coder="recorded"))


def _nouns(feature: Feature) -> str:
    plain = [w for w in feature.widgets if w.cls not in ("Label", "Horizontal", "Vertical", "VerticalScroll", "Grid")]
    words = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", widget.cls).lower() for widget in plain or feature.widgets]
    counted = Counter(words)
    spoken = [
        f"{n} {word}s" if n > 1 else f"{'an' if word[0] in 'aeiou' else 'a'} {word}" for word, n in counted.items()
    ]
    return " and ".join(spoken) if len(spoken) < 3 else ", ".join(spoken[:-1]) + f" and {spoken[-1]}"
