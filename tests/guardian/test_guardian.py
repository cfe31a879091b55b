"""The frame around the gates: order, receipts, failing closed, policy."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.errors import InfrastructureError, WorkerLostError
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.core.types import GateVerdict, Receipt
from dreamer_app.guardian.gates.stub_battery import StubBatteryGate
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.guardian.receipts import Finding, StaticGate, TimedGate
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.sandbox.sandbox import Purpose, Worker
from tests.guardian.dreams import NOWHERE, Planted, load, names, trial
from tests.guardian.knowledge import EXAMPLES, SmallGraph

READING = ("G0", "G1", "G2", "G3", "G4")


class NoWorkers:
    """A sandbox with nobody in it: reading gates must not ask for a worker."""

    async def environment(self, libraries: Any) -> Environment:
        raise AssertionError("nobody should ask for an environment")

    def worker(self, environment: Environment, purpose: Purpose) -> AbstractAsyncContextManager[Worker]:
        raise InfrastructureError("No workers", "there are none")

    async def freeze(self, reason: str) -> None: ...

    async def thaw(self) -> None: ...

    async def close(self) -> None: ...


def guardian(settings: GuardianSettings | None = None) -> Guardian:
    return Guardian(NoWorkers(), SmallGraph(examples=EXAMPLES[:1]), settings or GuardianSettings())


@pytest.mark.parametrize("name", [name for name in names("bad") if load("bad", name).gate in READING])
async def test_what_reading_can_stop_never_needs_a_worker(name: str) -> None:
    planted, index = load("bad", name), NoveltyIndex()
    if planted.gate == "G4":
        index.add("earlier", load("good", "households").candidate.solution)
    heard: list[Receipt] = []
    verdict = await guardian().judge(planted.scenario, planted.candidate, NOWHERE, index, heard.append)
    assert not verdict.accepted and verdict.tier is None
    assert verdict.stopped_by is not None and verdict.stopped_by.gate == planted.gate, verdict.stopped_by
    assert verdict.stopped_by.verdict is GateVerdict.FAILED
    assert tuple(heard) == verdict.receipts


async def test_infrastructure_failure_is_no_verdict(route: Planted) -> None:
    with pytest.raises(InfrastructureError):
        await guardian().judge(route.scenario, route.candidate, NOWHERE, NoveltyIndex())


class Breaking(TimedGate):
    """Raises what it is told to."""

    id: ClassVar[str] = "G?"
    name: ClassVar[str] = "breaking"
    version: ClassVar[str] = "7"
    error: BaseException = ValueError("broken")

    async def _apply(self, trial: Trial) -> Finding:
        raise self.error


@pytest.mark.parametrize("error", [ValueError("broken"), RecursionError("deep"), AssertionError(), MemoryError()])
async def test_a_gate_that_breaks_rejects(route: Planted, error: Exception) -> None:
    gate = Breaking()
    gate.error = error
    receipt = await gate.examine(trial(route))
    assert receipt.verdict is GateVerdict.ERROR
    assert type(error).__name__ in str(receipt.evidence["reason"])
    assert (receipt.gate, receipt.name, receipt.version) == ("G?", "breaking", "7")


@pytest.mark.parametrize("error", [WorkerLostError("gone", "x"), asyncio.CancelledError()])
async def test_what_says_nothing_about_the_candidate_passes_through(route: Planted, error: BaseException) -> None:
    gate = Breaking()
    gate.error = error
    with pytest.raises(type(error)):
        await gate.examine(trial(route))


async def test_an_execution_gate_without_a_worker_rejects(route: Planted) -> None:
    receipt = await StubBatteryGate().examine(trial(route))
    assert receipt.verdict is GateVerdict.ERROR


async def test_receipts_are_timed_with_the_clock(route: Planted) -> None:
    clock = ManualClock()

    class Slow(StaticGate):
        """Takes two seconds."""

        id = "G?"
        name = "slow"
        version = "1"

        def read(self, trial: Trial) -> Finding:
            clock.advance(2)
            return Finding(True)

    assert (await Slow(clock).examine(trial(route))).seconds == 2


def test_the_policy_changes_with_the_rules_only() -> None:
    usual = guardian().policy
    assert usual == guardian().policy and len(usual) == 16
    assert guardian(GuardianSettings(mutation_score=0.95)).policy != usual
    changed = guardian()
    changed._reading[0].__class__.version, before = "2", changed._reading[0].version  # type: ignore[misc]
    try:
        assert changed.policy != usual
    finally:
        changed._reading[0].__class__.version = before  # type: ignore[misc]
