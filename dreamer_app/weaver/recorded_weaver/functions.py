"""The family of function dreams: documented calls, understood by what they do and combined into functions to write.

It runs in two halves. Surveying happens once: every documented call is run, and its role found out. Weaving then draws
pairs of a source and a finisher, the least covered and most sensible first, and hands over what survives the screening.
What takes longer than a person would wait for a window is done on a thread, as this shares its event loop with windows.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from dreamer_app.core.events import Progress
from dreamer_app.core.types import LibraryPin, WovenScenario
from dreamer_app.sandbox.literals import LiteralError
from dreamer_app.weaver.recorded_weaver.chance import seeded
from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.recorded_weaver.finishers import finish, raw_pieces
from dreamer_app.weaver.recorded_weaver.forms import CallForm, harvest
from dreamer_app.weaver.recorded_weaver.list_pieces import list_sources
from dreamer_app.weaver.recorded_weaver.ops import Op, Spelling, survey
from dreamer_app.weaver.recorded_weaver.pieces import (
    Piece,
    graph_sources,
    scored_members,
    text_sources,
)
from dreamer_app.weaver.recorded_weaver.rehearsal import Stage
from dreamer_app.weaver.recorded_weaver.roles import Studied, study
from dreamer_app.weaver.recorded_weaver.screening import Screen
from dreamer_app.weaver.recorded_weaver.spices import spice
from dreamer_app.weaver.recorded_weaver.tables import columns, table
from dreamer_app.weaver.recorded_weaver.values import distinct
from dreamer_app.weaver.recorded_weaver.writer import write
from dreamer_app.weaver.triviality import ExampleIndex, NearDuplicates

FORMS_PER_API = 3
BATCH = 48
POOL = 480
"""Pairs looked at for one batch of drafts."""
CASES = 14
MARGIN = 0.04
"""The proof compares another normal form, in which aliases of an API are one; so much is left for the difference."""
WISHED = 0.4
"""Worth of an API that a person has most to do with: about as much as good sense, and less each time it was covered."""
SCORED = 4
"""Scores that are looked up for the same members."""


@dataclass
class _Workshop:
    """What one weaving works with."""

    context: WeaveContext
    spelling: Spelling
    pieces: list[Piece]
    finishers: list[Studied]
    unkeyed: dict[str, str]
    screen: Screen
    index: ExampleIndex


class FunctionFamily:
    """Weaves functions to write."""

    @property
    def name(self) -> str:
        """For provenance."""
        return "functions"

    async def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        """See `Family.weave`.

        Raises:
            InfrastructureError: No worker could be had.
        """
        shop = await _open(context)
        pins = {pin.name: pin for pin in context.request.libraries}
        covered: Counter[str] = Counter()
        near = NearDuplicates(context.settings.guardian.novelty - MARGIN)
        titles: set[str] = set()
        for batch in _batches(shop, covered, context.request.seed):
            drafts = [draft for draft in batch if draft.title not in titles]
            sketched = await shop.screen.sketch(drafts)
            rng = seeded(f"{context.request.seed}:{len(sketched)}:{drafts[0].name if drafts else ''}")
            spiced = [await asyncio.to_thread(spice, one, rng) for one in sketched]
            fresh = [draft for draft in spiced if not near.knows(draft.source())]
            shop.screen.dropped["near duplicate"] += len(spiced) - len(fresh)
            for screened in await shop.screen.screen(fresh):
                try:
                    woven = await asyncio.to_thread(
                        write, screened, context.knowledge, pins, shop.index, context.request.seed
                    )
                except LiteralError:
                    continue
                assert woven.reference is not None
                if woven.scenario.triviality.similarity >= context.settings.guardian.memorised:
                    shop.screen.dropped["a copy of one example"] += 1
                elif woven.scenario.naturalness.score < context.settings.weaver.naturalness:
                    shop.screen.dropped["not natural"] += 1
                elif woven.scenario.title in titles or not near.admit(woven.reference.solution):
                    shop.screen.dropped["near duplicate"] += 1
                else:
                    covered.update(api.key for api in screened.draft.apis)
                    covered[screened.draft.pattern] += 1
                    titles.add(woven.scenario.title)
                    yield woven


async def _open(context: WeaveContext) -> _Workshop:
    examples, spelling, forms = await asyncio.to_thread(_documented, context)
    stage = Stage(context.loom)
    context.listener(Progress(task="weave functions", step="running documented calls", done=0, total=len(forms)))
    ops = await survey(context.knowledge, stage, forms)
    context.listener(Progress(task="weave functions", step="finding out what they do", done=0, total=len(ops)))
    seed = context.request.seed
    graphs = _graphs(ops, seed)
    studied = await study(stage, spelling, ops, graphs, seed)
    pieces = await asyncio.to_thread(_pieces, spelling, studied, graphs, seed)
    unkeyed = {one.op.key: one.role for one in studied if one.op.slot is None}
    index = await asyncio.to_thread(ExampleIndex, examples)
    return _Workshop(context, spelling, pieces, studied, unkeyed, Screen(stage, spelling, Counter()), index)


def _documented(context: WeaveContext) -> tuple[list[Any], Spelling, list[CallForm]]:
    """What the documentation shows: examples, how they spell it, and the calls in them."""
    examples = [example for pin in context.request.libraries for example in context.knowledge.examples(pin.name)]
    return examples, Spelling(examples), _forms(context, examples)


def _pieces(spelling: Spelling, studied: Sequence[Studied], graphs: Sequence[Any], seed: int) -> list[Piece]:
    pieces: list[Piece] = []
    for number, one in enumerate(studied):
        rng = seeded(f"{seed}:{number}")
        found = [
            *graph_sources(spelling, one, graphs, rng),
            *text_sources(spelling, one, rng),
            *list_sources(spelling, one, rng),
            *columns(spelling, one, rng),
        ]
        pieces.extend(found)
        pieces.extend(raw for piece in found for raw in raw_pieces(piece))
    pieces.extend(_scored(pieces, seeded(seed, "scored")))
    return pieces


def _forms(context: WeaveContext, examples: Sequence[Any]) -> list[CallForm]:
    """Documented calls, a few of each API, those whose value is shown; one where no value is shown."""
    forms = [form for example in examples for form in harvest(context.knowledge, example)]
    forms.sort(key=lambda form: not form.expression)
    taken: Counter[str] = Counter()
    kept: list[CallForm] = []
    for form in forms:
        name = form.api.key if form.api else f"{form.example.partition('#')[0]}.{form.method}"
        shown = bool(form.expression)
        if taken[name] < (FORMS_PER_API if shown else 1) and (shown or not form.method):
            taken[name] += 1
            kept.append(form)
    return kept


def _scored(pieces: Sequence[Piece], rng: Random) -> list[Piece]:
    """Scores of the members that another operation finds; each of both kinds a few times."""
    members = [piece for piece in pieces if piece.kind in ("members", "schedule", "route", "walk")]
    scores = [piece for piece in pieces if piece.kind in ("scores", "measures")]
    made: list[Piece] = []
    for one in members:
        fitting = [piece for other in scores if (piece := scored_members(one, other)) is not None]
        made.extend(rng.sample(fitting, min(SCORED, len(fitting))))
    return made


def _graphs(ops: Sequence[Op], seed: int) -> list[Any]:
    """Documented edge lists, small and different."""
    found = distinct(op.documented for op in ops if op.maker is not None and op.maker[1] == "edges")
    usable = [
        graph
        for graph in found
        if 3 <= len(graph) <= 9 and all(isinstance(node, int) and 0 <= node < 26 for edge in graph for node in edge)
    ]
    rng = seeded(f"{seed}:graphs")
    return rng.sample(usable, min(CASES, len(usable)))


def _batches(shop: _Workshop, covered: Counter[str], seed: int) -> Iterator[list[Draft]]:
    """Drafts in batches; each time the best of a pool of untried pairs, judged by sense and by coverage."""
    rng = seeded(f"{seed}:pairs")
    pairs = [(p, f) for p in range(len(shop.pieces)) for f in range(len(shop.finishers))]
    rng.shuffle(pairs)
    interest = shop.context.request.interest
    if interest:  # the last are taken first
        pairs.sort(key=lambda pair: _touched(shop, pair, interest))
    waiting: list[tuple[float, int, Draft]] = []
    number = 0
    while pairs or waiting:
        while pairs and len(waiting) < POOL:
            piece, finisher = pairs.pop()
            draft = _composed(shop, shop.pieces[piece], shop.finishers[finisher], rng)
            if draft is not None:
                number += 1
                waiting.append((draft.parts["pattern"] + 0.5 * draft.parts["wording"], number, draft))
        ranked = sorted(waiting, key=lambda item: (-_worth(item[0], item[2], covered, interest), item[1]))
        chosen: list[tuple[float, int, Draft]] = []
        busy: Counter[str] = Counter()
        for item in ranked:
            keys = [op.key for op in item[2].ops]
            if len(chosen) < BATCH and not any(busy[key] >= 2 for key in keys) and busy[item[2].pattern] < 3:
                busy.update([*keys, item[2].pattern])
                chosen.append(item)
        taken = {item[1] for item in chosen}
        waiting = [item for item in waiting if item[1] not in taken]
        yield [item[2] for item in chosen]


def _composed(shop: _Workshop, piece: Piece, finisher: Studied, rng: Random) -> Draft | None:
    if piece.kind == "column":
        return table(shop.spelling, piece, finisher, rng)
    return finish(shop.spelling, piece, finisher, shop.unkeyed, rng)


def _touched(shop: _Workshop, pair: tuple[int, int], interest: Mapping[str, float]) -> float:
    """How much of what a person has to do with is in a pair of a source and a finisher."""
    ops = {op.key: op.api for op in (*shop.pieces[pair[0]].ops, shop.finishers[pair[1]].op)}
    return sum(_wished(api.key, api.library, interest) for api in ops.values() if api is not None)


def _wished(key: str, library: str, interest: Mapping[str, float]) -> float:
    return max(interest.get(key, 0.0), 0.3 * interest.get(library, 0.0))


def _worth(sense: float, draft: Draft, covered: Counter[str], interest: Mapping[str, float]) -> float:
    bridge = 0.15 if len({api.library for api in draft.apis}) > 1 else 0.0
    seen = 0.12 * sum(covered[op.key] for op in draft.ops) + 0.04 * covered[draft.pattern]
    wished = sum(_wished(api.key, api.library, interest) / (1 + covered[api.key]) for api in draft.apis)
    return sense + bridge + WISHED * wished - seen


def libraries_by_name(pins: Sequence[LibraryPin]) -> dict[str, LibraryPin]:
    """Pins by distribution name."""
    return {pin.name: pin for pin in pins}
