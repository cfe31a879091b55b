"""Measures whether something was learned: sealed tasks of a library, solved without and with lessons and documentation.

Sealed tasks are woven without a model, are not like any dream, and are never dreamt, shown or exported. Nobody is told
that anything was learned unless the interval of the difference excludes zero.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from dreamer_app.academy.mastery import Mastery, difference
from dreamer_app.coder.bench import TestBench
from dreamer_app.coder.council import Council, NoLessons
from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Listener, Progress
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin, WovenScenario
from dreamer_app.llm.budget import Budget
from dreamer_app.llm.client import ModelClient
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.llm.streams import Streams
from dreamer_app.service.imagination import StoredLessons, endpoint_of
from dreamer_app.service.workshop import ExamOrder
from dreamer_app.weaver.recorded_weaver.apart import recorded_weaver
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from dreamer_app.weaver.triviality import NearDuplicates

SEED = 20_000_003
"""Sealed tasks are drawn apart from those of nights, whose seeds are below 2**31 and mostly far away."""


async def examine(order: ExamOrder, paths: DataPaths, settings: Settings, listener: Listener) -> Mastery:
    """Measure one library, and keep what came out.

    Raises:
        UsageError: There is no such model, or no tasks can be woven about the library.
        InfrastructureError: The model or the workers could not be had.
        BudgetSpentError: The budget does not allow it.
    """
    crew = order.crew
    [pin] = crew.libraries
    tasks = await _sealed(order, pin, settings, listener)
    wanted = settings.model
    endpoint = await endpoint_of(wanted.coder_base_url or wanted.base_url, crew.model)
    client = ModelClient(endpoint, wanted, streams=Streams(), budget=Budget(wanted))
    shelf = PromptShelf(paths.prompts)
    bare, taught = (
        Council(
            client,
            crew.graph,
            shelf,
            lessons=StoredLessons(crew.lessons) if having else NoLessons(),
            attempts=1,
            answer_tokens=wanted.answer_tokens,
            documented=having,
        )
        for having in (False, True)
    )
    bench = TestBench(crew.sandbox)
    outcomes: list[tuple[bool, bool]] = []
    try:
        for number, woven in enumerate(tasks, 1):
            without, having = await asyncio.gather(_solved(bare, bench, woven), _solved(taught, bench, woven))
            outcomes.append((without, having))
            listener(Progress(task=f"examine {pin.name}", step="solve", done=number, total=len(tasks)))
    finally:
        await client.close()
    mastery = Mastery(
        library=pin.name,
        version=pin.version,
        model=crew.model,
        measured_at=order.clock.now(),
        lessons=len(crew.lessons.search(pin.name, library=pin.name, limit=1000)),
        difference=difference(outcomes),
    )
    await asyncio.to_thread(order.sealed.keep, mastery.model_dump(mode="json"))
    return mastery


async def _solved(council: Council, bench: TestBench, woven: WovenScenario) -> bool:
    [fresh] = await council.fresh(woven.scenario)
    if fresh.solution is None:
        return False
    [tried] = await bench.tries(woven.scenario, [fresh.solution])
    return tried.passed


async def _sealed(order: ExamOrder, pin: LibraryPin, settings: Settings, listener: Listener) -> list[WovenScenario]:
    """The sealed tasks, woven when there are not enough of them yet."""
    found = list(await asyncio.to_thread(order.sealed.of, pin.name, pin.version))
    if len(found) >= order.tasks:
        return found[: order.tasks]
    near = NearDuplicates(settings.guardian.novelty)
    for source in (*(dream.candidate.solution for dream in order.crew.stored), *map(_source, found)):
        near.admit(source)
    weaver = recorded_weaver(order.crew.graph, order.crew.sandbox, settings, listener)
    known = order.known | {woven.scenario.id for woven in found}
    request = WeaveRequest(libraries=(pin,), seed=SEED + len(found), known=known, wanted=order.tasks)
    weaving = weaver.weave(request)
    assert isinstance(weaving, AsyncGenerator)
    async with aclosing(weaving):
        async for woven in weaving:
            if near.admit(_source(woven)):
                await asyncio.to_thread(order.sealed.seal, pin.name, pin.version, woven)
                found.append(woven)
                listener(Progress(task=f"examine {pin.name}", step="seal", done=len(found), total=order.tasks))
            if len(found) >= order.tasks:
                break
    if not found:
        raise UsageError(
            "There is nothing to measure with",
            f"No task about {pin.name} can be woven from its documentation.",
            "Choose another library.",
        )
    return found


def _source(woven: WovenScenario) -> str:
    return woven.reference.solution if woven.reference is not None else ""
