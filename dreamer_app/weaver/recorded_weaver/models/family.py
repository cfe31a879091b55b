"""The family of model dreams: documented field types and options, joined to a data model that reads records.

Types are tried out once, in a worker. Then models are drawn, those first whose types and tasks came least so far, and
what survives the screening is written down.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.core.events import Progress
from dreamer_app.core.types import WovenScenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api
from dreamer_app.sandbox.literals import LiteralError
from dreamer_app.weaver.recorded_weaver.apps.domains import DOMAINS
from dreamer_app.weaver.recorded_weaver.chance import seeded
from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.recorded_weaver.models.harvest import (
    CONFIG,
    LIBRARY,
    MODEL,
    OptionForm,
    field_forms,
    option_forms,
)
from dreamer_app.weaver.recorded_weaver.models.model import Model, named, records
from dreamer_app.weaver.recorded_weaver.models.probing import FieldType, field_types, telling_options
from dreamer_app.weaver.recorded_weaver.models.tasks import TEMPLATES, Task
from dreamer_app.weaver.recorded_weaver.models.writing import write
from dreamer_app.weaver.recorded_weaver.ops import Spelling
from dreamer_app.weaver.recorded_weaver.pieces import Parameter
from dreamer_app.weaver.recorded_weaver.rehearsal import Stage
from dreamer_app.weaver.recorded_weaver.screening import Screen
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from dreamer_app.weaver.triviality import ExampleIndex, NearDuplicates

CASES = 16
FAULTS = (0.1, 0.2, 0.3)
"""Shares of slips in the records of a case, in turn."""
BROKEN = 0.08
"""Share of lines that are no JSON."""
BATCH = 12
POOL = 96
"""Models looked at for one batch."""
ROUNDS = 40
OPTIONS = 0.35
"""Share of models with an option."""
FIELDS = (2, 3)
"""Fields beside the name."""
MARGIN = 0.04
"""The proof compares another normal form, in which aliases of an API are one; so much is left for the difference."""


@dataclass(frozen=True)
class Sketch:
    """One model and what is done with its records.

    Attributes:
        model: The model.
        task: The task.
        draft: Both as a program.
    """

    model: Model
    task: Task
    draft: Draft


@dataclass(frozen=True)
class _Parts:
    """What models are drawn from."""

    types: Sequence[FieldType]
    options: Sequence[OptionForm]
    knowledge: KnowledgeGraph


class ModelFamily:
    """Weaves data models; needs `pydantic` and its documentation."""

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """For provenance."""
        return "models"

    async def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        """See `Family.weave`.

        Raises:
            InfrastructureError: No worker could be had.
        """
        pins = {pin.name: pin for pin in context.request.libraries}
        if LIBRARY not in pins:
            return
        knowledge, stage = context.knowledge, Stage(context.loom)
        examples = await asyncio.to_thread(knowledge.examples, LIBRARY)
        forms = await asyncio.to_thread(field_forms, examples, knowledge)
        context.listener(Progress(task="weave models", step="trying documented types", done=0, total=len(forms)))
        types = await field_types(stage, forms)
        options = await telling_options(stage, await asyncio.to_thread(option_forms, examples, knowledge))
        index = await asyncio.to_thread(ExampleIndex, examples)
        screen = Screen(stage, Spelling(()), self.dropped, least=1)
        near = NearDuplicates(context.settings.guardian.novelty - MARGIN)
        titles: set[str] = set()
        covered: Counter[str] = Counter()
        for batch in _batches(_Parts(types, options, knowledge), covered, context.request):
            sketches = {one.draft.name: one for one in batch if one.draft.title not in titles}
            for screened in await screen.screen([one.draft for one in sketches.values()]):
                sketch = sketches[screened.draft.name]
                try:
                    woven = await asyncio.to_thread(
                        write,
                        sketch.model,
                        sketch.task,
                        screened,
                        knowledge=knowledge,
                        pin=pins[LIBRARY],
                        examples=index,
                        seed=context.request.seed,
                    )
                except LiteralError:
                    continue
                assert woven.reference is not None
                if woven.scenario.triviality.similarity >= context.settings.guardian.memorised:
                    self.dropped["a copy of one example"] += 1
                elif not near.admit(woven.reference.solution):
                    self.dropped["near duplicate"] += 1
                else:
                    covered.update(_named(sketch))
                    titles.add(woven.scenario.title)
                    yield woven


def _batches(parts: _Parts, covered: Counter[str], request: WeaveRequest) -> Iterator[list[Sketch]]:
    """Sketches in batches; each time those whose parts came least so far, no part twice in a batch."""
    rng = seeded(f"{request.seed}:models")
    if len(parts.types) < max(FIELDS):
        return
    for _ in range(ROUNDS):
        pool = [sketch for _ in range(POOL) if (sketch := _sketched(parts, rng)) is not None]
        pool.sort(key=lambda one: sum(covered[part] - 2 * request.interest.get(part, 0.0) for part in _named(one)))
        chosen: list[Sketch] = []
        busy: set[str] = set()
        for one in pool:
            own = set(_named(one)) - {one.task.pattern}
            if len(chosen) < BATCH and not own & busy and one.draft.name not in {c.draft.name for c in chosen}:
                busy |= own
                chosen.append(one)
        yield chosen


def _named(sketch: Sketch) -> list[str]:
    """What must not come too often: types, the option, the task and the world of a sketch."""
    model = sketch.model
    option = [f"{model.option.name}={model.option.value}"] if model.option else []
    types = [field.type.form for field in model.fields]
    return [
        *(one.annotation for one in types),
        *(one.api.key for one in types),
        *option,
        sketch.task.pattern,
        model.domain.prefix,
    ]


def _sketched(parts: _Parts, rng: random.Random) -> Sketch | None:
    domain, chosen = rng.choice(DOMAINS), rng.sample(parts.types, rng.choice(FIELDS))
    if len({one.form.api.key for one in chosen}) < len(chosen):
        return None  # two types of one kind show nothing new
    fields = named(domain, chosen)
    if fields is None:
        return None
    model = Model(domain, fields, rng.choice(parts.options) if parts.options and rng.random() < OPTIONS else None)
    task = rng.choice(TEMPLATES)(model)
    apis = _apis(model, task, parts.knowledge) if task is not None else None
    if task is None or apis is None:
        return None
    given = "list[str]" if task.lines_of_json else "list[dict[str, object]]"
    about = f"{domain.plural} as {'lines of JSON' if task.lines_of_json else 'dictionaries'}, not all of them right"
    draft = Draft(
        pattern=f"model/{task.pattern}",
        name=task.name,
        title=task.title,
        parameters=(Parameter(domain.plural, given, about),),
        imports=tuple(dict.fromkeys((*model.imports, *task.imports))),
        lines=task.lines,
        result=task.result,
        steps=task.steps,
        outcome="",
        apis=apis,
        ops=(),
        cases=_cases(model, task, rng),
        returns=task.returns,
        classes=(model.source(),),
    )
    return Sketch(model, task, draft)


def _apis(model: Model, task: Task, knowledge: KnowledgeGraph) -> tuple[Api, ...] | None:
    """What the task needs; None when the pinned version has not all of it."""
    keys = [f"{LIBRARY}.{MODEL}", *(field.type.form.api.key for field in model.fields)]
    keys += [f"{LIBRARY}.{CONFIG}"] if model.option is not None else []
    keys += [f"{LIBRARY}.{MODEL}.{method}" for method in task.methods]
    found = [api for key in keys if (api := knowledge.api(key)) is not None]
    return tuple(found) if len(found) == len(keys) else None


def _cases(model: Model, task: Task, rng: random.Random) -> tuple[tuple[Any, ...], ...]:
    """Lists of records: first a usual one, an empty one among them."""
    cases: list[tuple[Any, ...]] = []
    for number in range(CASES):
        count = 0 if number == 5 else 3 if number == 0 else rng.randint(2, 6)
        given: list[Any] = records(model, count, rng, FAULTS[number % len(FAULTS)])
        if number == 0:
            given += records(model, 1, rng, 1.0)
        if task.lines_of_json:
            lines = [json.dumps(one) for one in given]
            given = [line[:-1] if number and rng.random() < BROKEN else line for line in lines]
        cases.append((given,))
    return tuple(cases)
