"""The family of app dreams: draws apps from documented features, rehearses them, and writes the tasks.

Features whose API the pinned version does not have are never drawn, and combinations that the knowledge graph does not
hold together are not woven, so another version of the library means other apps, not broken ones.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Literal, cast

from dreamer_app.core.events import Progress
from dreamer_app.core.types import (
    ApiUse,
    Candidate,
    Difficulty,
    Knowledge,
    LibraryPin,
    Quote,
    Scenario,
    WovenScenario,
)
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Example, NodeKind
from dreamer_app.weaver.naturalness import score
from dreamer_app.weaver.recorded_weaver.apps.catalogue import weave_catalogue
from dreamer_app.weaver.recorded_weaver.apps.collector import weave_collector
from dreamer_app.weaver.recorded_weaver.apps.domains import DOMAINS
from dreamer_app.weaver.recorded_weaver.apps.draft import Draft, seeded
from dreamer_app.weaver.recorded_weaver.apps.gauge import weave_gauge
from dreamer_app.weaver.recorded_weaver.apps.rehearsal import Rehearsal, Rehearsed
from dreamer_app.weaver.recorded_weaver.apps.related import neighbourhood
from dreamer_app.weaver.recorded_weaver.apps.tally import weave_tally
from dreamer_app.weaver.recorded_weaver.apps.task import task_text
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from dreamer_app.weaver.triviality import ExampleIndex, NearDuplicates, measure

ORIGIN = "recorded"
LIBRARY = "textual"
MAX_QUOTES = 4
MAX_APIS = 8
"""API nodes that a task is about; further ones are only used."""
POOL = 24
"""Drafts among which the least covered one is taken next."""
ROUNDS = 2000
"""Apps drawn from one seed; after some hundreds nearly all are close to an earlier one."""
_KINDS = {
    NodeKind.CLASS: "class",
    NodeKind.FUNCTION: "function",
    NodeKind.METHOD: "method",
    NodeKind.ATTRIBUTE: "attribute",
}


LOOMS = (weave_collector, weave_collector, weave_collector, weave_tally, weave_gauge, weave_catalogue)
"""Kinds of apps; the one with the most parts comes most often."""
HOLES = 0.2
"""Share of the tasks that give the screen and ask for what is behind it."""


class Library:
    """The documentation examples of the libraries under study, and an index over them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = tuple(examples)
        self.index = ExampleIndex(self.examples)


class AppFamily:
    """Weaves apps; needs `textual` among the libraries, and uses `rich` when it is there."""

    @property
    def name(self) -> str:
        """For provenance."""
        return "apps"

    async def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        """See `Family.weave`.

        Raises:
            InfrastructureError: No worker could be had.
        """
        pins = {pin.name: pin for pin in context.request.libraries}
        if LIBRARY not in pins:
            return
        shelf = Library([example for name in pins for example in context.knowledge.examples(name)])
        rehearsal = Rehearsal(context.loom)
        near = NearDuplicates(context.settings.guardian.novelty)
        context.listener(Progress(task="weave apps", step="drawing apps from documented features"))
        for draft in _drafts(context.knowledge, pins, context.request):
            if not near.admit(draft.solution()):
                rehearsal.dropped["near duplicate"] += 1
                continue
            apis = _apis(draft, context.knowledge, pins)
            if neighbourhood(apis, list(pins), context.knowledge) is None:
                rehearsal.dropped["unrelated in the graph"] += 1
                continue
            rehearsed = await rehearsal.rehearse(draft, apis)
            if rehearsed is None:
                continue
            kept = [api for api in apis if api.key in rehearsed.necessary]
            woven = _write(draft, rehearsed, kept, context, shelf)
            if woven is not None:
                yield woven
            else:
                rehearsal.dropped["too little to it"] += 1


def _drafts(knowledge: KnowledgeGraph, pins: dict[str, LibraryPin], request: WeaveRequest) -> Iterator[Draft]:
    """Drafts without end; each time that one of a few whose parts came least so far or are of interest to a person."""
    rng = seeded(f"{request.seed}:apps")
    covered: Counter[str] = Counter()
    waiting: list[Draft] = []
    for _ in range(ROUNDS):
        while len(waiting) < POOL:
            draft = rng.choice(LOOMS)(rng.choice(DOMAINS), rng.randrange(2**32))
            draft.hole = rng.random() < HOLES
            if all(_available(name, knowledge, pins) for name in draft.imports if "." in name):
                waiting.append(draft)
        best = min(waiting, key=lambda draft: _staleness(draft, covered, request.interest))
        waiting.remove(best)
        covered.update([*best.tags, best.domain.prefix])
        yield best


def _staleness(draft: Draft, covered: Counter[str], interest: Mapping[str, float]) -> float:
    """How often the parts of a draft came before, less for every API that a person has to do with."""
    wished = sum(interest.get(name, 0.0) for name in draft.imports)
    return (sum(covered[tag] for tag in draft.tags) - 2 * wished) / len(draft.tags)


def _available(name: str, knowledge: KnowledgeGraph, pins: dict[str, LibraryPin]) -> bool:
    library = name.partition(".")[0]
    if library not in ("rich", LIBRARY):
        return True
    module = name.rpartition(".")[0]
    return library in pins and (knowledge.api(name) is not None or module == "rich.box")


def _apis(draft: Draft, knowledge: KnowledgeGraph, pins: dict[str, LibraryPin]) -> list[Api]:
    found: dict[str, Api] = {}
    for name in draft.uses:
        api = knowledge.api(name)
        if api is not None and api.library in pins and api.kind in _KINDS and not api.deprecated:
            found.setdefault(api.key, api)
    ranked = sorted(found.values(), key=lambda api: (api.library == LIBRARY, -knowledge.rarity(api.key)))
    chosen = {api.key for api in ranked[:MAX_APIS]}
    return [api for api in found.values() if api.key in chosen]


def _write(
    draft: Draft,
    rehearsed: Rehearsed,
    apis: Sequence[Api],
    context: WeaveContext,
    library: Library,
) -> WovenScenario | None:
    used = {api.library for api in apis} | imported_libraries(rehearsed.solution)
    libraries = tuple(pin for pin in context.request.libraries if pin.name in used)
    if len(apis) < 2 or any(all(api.library != pin.name for api in apis) for pin in libraries):
        return None
    quotes = quotes_for(apis, context.knowledge)
    place = neighbourhood(apis, [pin.name for pin in context.request.libraries], context.knowledge)
    if place is None:
        return None
    triviality = measure(
        rehearsed.solution, library.index, necessary_apis=[api.key for api in apis], documented_shapes=None
    )
    if triviality.similarity >= context.settings.guardian.memorised:
        return None
    shown_by = _shown_by(apis, library.examples)
    parts = {
        "relation": min(1.0, 0.5 + len(place.relations) / 10),
        "pattern": 0.9,
        "wording": 0.9,
        "names": 1.0,
        "size": 1.0,
    }
    scenario = Scenario(
        title=f"Complete the app: {draft.title}" if draft.hole else draft.title,
        prompt=task_text(draft, rehearsed.tests, libraries, quotes),
        kind="app",
        entry_point=draft.name,
        signature=draft.signature,
        tests=rehearsed.tests,
        libraries=libraries,
        uses_api=tuple(ApiUse(name=api.key, library=api.library, kind=kind_of(api)) for api in apis),
        knowledge=Knowledge(
            cluster=place.cluster,
            nodes=tuple(api.key for api in apis),
            relations=place.relations,
            quotes=quotes,
            examples=shown_by,
        ),
        difficulty=difficulty_of(rehearsed.solution, apis, len(libraries), context.knowledge),
        naturalness=score(parts),
        triviality=triviality,
        pattern="hole" if draft.hole else draft.tags[0],
        origin=ORIGIN,
        seed=context.request.seed,
    )
    return WovenScenario(scenario=scenario, reference=Candidate(solution=rehearsed.solution, coder=ORIGIN))


def kind_of(api: Api) -> Literal["function", "class", "method", "attribute"]:
    """What an API is, in the words of a scenario."""
    return cast(Literal["function", "class", "method", "attribute"], _KINDS[api.kind])


def imported_libraries(solution: str) -> set[str]:
    """Top-level packages that a solution takes names from."""
    return {
        (node.module or "").partition(".")[0] for node in ast.parse(solution).body if isinstance(node, ast.ImportFrom)
    }


def _shown_by(apis: Sequence[Api], examples: Sequence[Example]) -> tuple[str, ...]:
    """One documentation example for each API, the one that shows most of the others too."""
    keys = {api.key for api in apis}
    chosen: dict[str, None] = {}
    for api in apis:
        showing = [example for example in examples if api.key in example.uses]
        if showing:
            best = max(showing, key=lambda example: (len(keys.intersection(example.uses)), -len(example.code)))
            chosen[best.key] = None
    return tuple(chosen)


def quotes_for(apis: Sequence[Api], knowledge: KnowledgeGraph) -> tuple[Quote, ...]:
    """First sentences of the APIs that are seldom shown; those need them most."""
    ranked = sorted((api for api in apis if api.summary), key=lambda api: -knowledge.rarity(api.key))
    return tuple(
        Quote(node=api.key, text=api.summary, sha256=hashlib.sha256(api.docstring.encode()).hexdigest())
        for api in ranked[:MAX_QUOTES]
    )


def difficulty_of(solution: str, apis: Sequence[Api], libraries: int, knowledge: KnowledgeGraph) -> Difficulty:
    """The mean of its parts, each from 0 to 1; 60 statements, 12 APIs or 3 libraries count as the most."""
    statements = sum(1 for node in ast.walk(ast.parse(solution)) if isinstance(node, ast.stmt))
    parts = {
        "size": round(min(1.0, statements / 60), 3),
        "api_nodes": round(min(1.0, len(apis) / 12), 3),
        "libraries": round(min(1.0, (libraries - 1) / 2), 3),
        "rarity": round(sum(knowledge.rarity(api.key) for api in apis) / len(apis), 3),
    }
    return Difficulty(score=round(sum(parts.values()) / len(parts), 3), parts=parts)
