"""One scenario's way through a night: candidate, row, proof, folder, row.

The order is the promise: the row says `running` before any worker is lent; a verified dream's folder is complete before
its row says so. Whatever cuts it short leaves a void trial, never a failed one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from dreamer_app import __version__
from dreamer_app.academy.record import write_record
from dreamer_app.coder.coder import Coder
from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import DreamerError, InfrastructureError, InterruptedByWakeError, WorkerLostError
from dreamer_app.core.events import DreamJudged, Listener, Warned
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.solving import Solved
from dreamer_app.core.types import (
    Candidate,
    Cost,
    Dream,
    DreamState,
    ModelUse,
    Provenance,
    Scenario,
    Verdict,
    WovenScenario,
)
from dreamer_app.engine.ports import Judge, ModelCalls, NoModel
from dreamer_app.engine.unbroken import Scribe
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.store.store import Store
from dreamer_app.weaver.scenario_weaver import ScenarioWeaver

_log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSES = (0.5, 2.0)
"""Seconds before each further try after infrastructure failure."""

GUARDIANS_OWN = frozenset({"coverage"})
"""Distributions of an environment that only the proof needs, not whoever runs a dream's tests."""

FROZEN_PAUSE = 0.25
"""Seconds between looks whether a frozen sandbox is thawed."""


@dataclass(frozen=True)
class Parts:
    """What a night is made of."""

    weaver: ScenarioWeaver
    coder: Coder
    judge: Judge
    sandbox: Sandbox
    store: Store
    paths: DataPaths
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    models: ModelCalls = field(default_factory=NoModel)


class TrialVoidError(InfrastructureError):
    """A trial was tried as often as makes sense and nothing is known about its candidate.

    Attributes:
        worker_only: Whether only its own workers were lost, so that the candidate may be to blame.
    """

    def __init__(self, cause: DreamerError) -> None:
        super().__init__(cause.title, cause.message, cause.hint)
        self.worker_only = isinstance(cause, WorkerLostError)


class TrialRun:
    """Takes scenarios through their proof, for one night.

    Args:
        parts: What the night is made of.
        night_id: The night.
        scribe: Writes.
        listener: Told of every verdict, once it is stored.
        room_for_one_more: Asked at the last moment whether the night still wants a verified dream.
    """

    def __init__(
        self,
        parts: Parts,
        night_id: str,
        scribe: Scribe,
        listener: Listener,
        room_for_one_more: Callable[[], bool],
    ) -> None:
        self._parts = parts
        self._night_id = night_id
        self._scribe = scribe
        self._listener = listener
        self._room = room_for_one_more
        self._settling = asyncio.Lock()

    async def dream(self, woven: WovenScenario) -> Dream | None:
        """Prove one scenario.

        Returns:
            The stored dream, or None when it was dreamt before, has no candidate, or came too late.

        Raises:
            TrialVoidError: Infrastructure failed more often than makes sense to try.
        """
        parts = self._parts
        environment = await self._trying(lambda: parts.sandbox.environment(woven.scenario.libraries))
        started, born = parts.clock.monotonic(), parts.clock.now()
        begun: list[str] = []
        settled = blame = False
        try:
            # On record before anybody is asked for a solution, so that no outage loses a scenario.
            if woven.reference is not None:
                first = self._running(woven.scenario, woven.reference, environment, born)
                await self._scribe.write(self._begin, begun, first, None)
                if not begun:
                    return None
            try:
                solved = await self._trying(lambda: parts.coder.solve(woven))
            except TrialVoidError:
                raise
            except DreamerError as error:
                self._listener(Warned(kind="source", message=f"{woven.scenario.title}: {error.message}"))
                return None
            dream = self._running(solved.scenario, solved.candidate, environment, born)
            if solved != Solved(scenario=woven.scenario, candidate=woven.reference or solved.candidate) or not begun:
                await self._scribe.write(self._begin, begun, dream, solved)
            if not begun:
                return None
            verdict = await self._trying(lambda: parts.judge.judge(dream.scenario, dream.candidate))
            use = woven.use.plus(parts.models.asked(dream.scenario))
            dream = _judged(dream, verdict, parts.clock.monotonic() - started, use)
            async with self._settling:
                if verdict.accepted and not self._room():
                    return None
                await self._trying(lambda: self._settle(dream))
                settled = True
                self._listener(DreamJudged(dream=dream))
            return dream
        except TrialVoidError as error:
            blame = error.worker_only
            raise
        finally:
            # A cancellation is raised only after the write that it met, so `begun` is known even then.
            if begun and not settled:
                await self._scribe.write(parts.store.dreams.interrupt, begun[0], blame=blame)

    def _begin(self, begun: list[str], dream: Dream, solved: Solved | None) -> None:
        """Write a trial as running; what it was begun as before gives way. `begun` holds its identifier, or nothing."""
        dreams = self._parts.store.dreams
        known = begun.pop() if begun else None
        if dreams.begin(dream) if known is None else dreams.begin_as(known, dream):
            begun.append(dream.id)
            if solved is not None:
                self._parts.store.attempts.keep_near_misses(dream.id, solved.near_misses, dream.created_at)

    async def _settle(self, dream: Dream) -> None:
        await self._scribe.write(self._write, dream)
        if dream.state is DreamState.VERIFIED:
            self._parts.judge.remember(dream)

    def _write(self, dream: Dream) -> None:
        try:
            if dream.state is DreamState.VERIFIED:
                write_record(self._parts.paths.dreams, dream)
            self._parts.store.dreams.settle(dream)
        except OSError as error:
            raise InfrastructureError(
                "A dream cannot be stored", f"{self._parts.paths.dreams}: {error}", "Make room on the disk."
            ) from error

    async def _trying(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something that infrastructure may spoil, a few times with growing pauses.

        A frozen sandbox is no failure: the trial waits until it is thawed or the night ends and cancels it.
        """
        pauses = iter(PAUSES)
        while True:
            try:
                return await work()
            except InterruptedByWakeError as error:
                _log.info("void: %s", error)
                await self._parts.sleep(FROZEN_PAUSE)
            except InfrastructureError as error:
                self._listener(Warned(kind="infrastructure", message=error.message))
                pause = next(pauses, None)
                if pause is None:
                    raise TrialVoidError(error) from error
                await self._parts.sleep(pause)

    def _running(self, scenario: Scenario, candidate: Candidate, environment: Environment, born: datetime) -> Dream:
        return Dream(
            id=scenario.id,
            night_id=self._night_id,
            created_at=born,
            state=DreamState.RUNNING,
            scenario=scenario,
            candidate=candidate,
            verdict=None,
            requirements=tuple(
                sorted(f"{p.name}=={p.version}" for p in environment.pins if p.name not in GUARDIANS_OWN)
            ),
            provenance=Provenance(
                app_version=__version__,
                weaver=self._parts.weaver.name,
                seed=scenario.seed,
                image=environment.image,
                environment=environment.id,
                python=environment.python,
                policy=self._parts.judge.policy,
            ),
            cost=Cost(seconds=0.0),
        )


def _judged(dream: Dream, verdict: Verdict, seconds: float, use: ModelUse) -> Dream:
    model: dict[str, JsonValue] | None = None
    if use.calls:
        model = {"models": dict(use.models), "calls": use.calls, "seconds": use.seconds}
    return dream.model_copy(
        update={
            "state": DreamState.VERIFIED if verdict.accepted else DreamState.FAILED,
            "verdict": verdict,
            "cost": Cost(seconds=round(seconds, 4), tokens=use.tokens),
            "provenance": dream.provenance.model_copy(update={"prompts": use.prompts, "model": model}),
        }
    )
