"""Who dreams a night, and how many at a time: with the language model that is asked for, or without any."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from dreamer_app.academy.mastery import Mastery
from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Listener
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.engine.ports import NoModel
from dreamer_app.service.workshop import Crew, CrewOrder, ExamOrder, Workshop
from dreamer_app.weaver.in_turns import InTurns
from dreamer_app.weaver.scenario_weaver import ScenarioWeaver

BUILTIN = "builtin"


@asynccontextmanager
async def crew_for(
    order: CrewOrder, workshop: Workshop, paths: DataPaths, settings: Settings, listener: Listener
) -> AsyncIterator[Crew]:
    """The crew of a night; leaving the context lets go of its connections.

    Raises:
        UsageError: There is no such model.
        ModelOfflineError: The server that the settings name does not answer.
    """
    if order.model == BUILTIN:
        yield Crew(
            weaver=with_debug_dreams(
                workshop.weaver(order.graph, order.sandbox, settings, listener), order, workshop, settings
            ),
            coder=workshop.coder(),
            judge=workshop.prover(order.sandbox, order.graph, settings, listener, order.stored),
            models=NoModel(),
            listener=listener,
        )
    elif workshop.imagination is None:
        raise UsageError("There is no such model", repr(order.model), f"Use `{BUILTIN}`.")
    else:
        async with workshop.imagination(order, paths, settings, listener) as crew:
            yield replace(crew, weaver=with_debug_dreams(crew.weaver, order, workshop, settings))


def examined_by(model: str | None, settings: Settings) -> str:
    """Who solves the sealed tasks.

    Raises:
        UsageError: Nobody is named.
    """
    wanted = model or settings.model.coder or settings.model.weaver
    if not wanted or wanted == BUILTIN:
        raise UsageError("No model is named", "Somebody must solve the tasks.", "Name one with `--model NAME`.")
    return wanted


async def examined(
    exam: ExamOrder, workshop: Workshop, paths: DataPaths, settings: Settings, listener: Listener
) -> Mastery:
    """Measure whether a library was learned.

    Raises:
        UsageError: There is no model to be had, or no task can be woven.
        InfrastructureError: The model or the workers could not be had.
    """
    if workshop.examiner is None:
        raise UsageError("There is no such model", repr(exam.crew.model), "Start a model server.")
    return await workshop.examiner(exam, paths, settings, listener)


def with_debug_dreams(
    weaver: ScenarioWeaver, order: CrewOrder, workshop: Workshop, settings: Settings
) -> ScenarioWeaver:
    """The same weaver, taking turns with one that develops dreams of earlier nights."""
    share = settings.curriculum.debug
    if workshop.debugger is None or not order.stored or share <= 0:
        return weaver
    return InTurns(weaver, workshop.debugger(order.stored, order.sandbox), share)


def proofs_at_once(settings: Settings) -> int:
    """How many proofs run at the same time unless somebody says otherwise.

    One per two cores, but two from two cores on: a proof waits for the host between its gates, so that on two cores
    eight textual dreams took 3:41 with two at a time and 4:41 with one (same seed, both under the same load).
    """
    cores = os.cpu_count() or 1
    return settings.workers.count or max(min(2, cores), cores // 2)
