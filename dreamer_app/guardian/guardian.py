"""The Guardian: runs the gates over a candidate, cheap ones first, and writes the verdict.

The first gate that does not pass ends the proof. Everything is decided on this machine; workers only report what they
observed. It stores nothing and knows nothing of nights.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.core.types import Candidate, GateVerdict, Receipt, Scenario, Tier, Verdict
from dreamer_app.guardian.gates.api_exists import ApiExistsGate
from dreamer_app.guardian.gates.clean_run import CleanRunGate
from dreamer_app.guardian.gates.determinism import DeterminismGate
from dreamer_app.guardian.gates.imports import ImportsGate
from dreamer_app.guardian.gates.library_needed import LibraryNeededGate
from dreamer_app.guardian.gates.mutation_score import MutationGate
from dreamer_app.guardian.gates.novelty import NoveltyGate
from dreamer_app.guardian.gates.security import SecurityGate
from dreamer_app.guardian.gates.shape import ShapeGate
from dreamer_app.guardian.gates.stub_battery import StubBatteryGate
from dreamer_app.guardian.novelty import NoveltyIndex, imprint
from dreamer_app.guardian.receipts import Gate
from dreamer_app.guardian.trial import Trial
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.sandbox.sandbox import Sandbox

ReceiptListener = Callable[[Receipt], None]
"""Is told of every receipt as it is written; must be quick and must not raise."""

RECORDED = "recorded"


def ignore_receipt(_receipt: Receipt) -> None:
    """The listener that does nothing."""


def reading_gates(clock: Clock) -> tuple[Gate, ...]:
    """The gates that only read, cheapest first."""
    return (ShapeGate(clock), ImportsGate(clock), ApiExistsGate(clock), SecurityGate(clock), NoveltyGate(clock))


def running_gates(clock: Clock) -> tuple[Gate, ...]:
    """The gates that need a worker, cheapest first."""
    return (
        CleanRunGate(clock),
        StubBatteryGate(clock),
        LibraryNeededGate(clock),
        DeterminismGate(clock),
        MutationGate(clock),
    )


class Guardian:
    """Judges candidates; several at a time if asked so.

    Args:
        sandbox: Lends workers.
        knowledge: What the Oracle knows.
        settings: Thresholds.
        clock: Times the receipts.
    """

    def __init__(
        self, sandbox: Sandbox, knowledge: KnowledgeGraph, settings: GuardianSettings, clock: Clock | None = None
    ) -> None:
        self._sandbox = sandbox
        self._knowledge = knowledge
        self._settings = settings
        self._clock = clock or SystemClock()
        self._reading = reading_gates(self._clock)
        self._running = running_gates(self._clock)

    @property
    def policy(self) -> str:
        """16 hexadecimal digits over gate versions and thresholds: other digits, other rules, stale receipts."""
        versions = {gate.id: gate.version for gate in (*self._reading, *self._running)}
        content = json.dumps([versions, self._settings.model_dump(mode="json")], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    async def judge(
        self,
        scenario: Scenario,
        candidate: Candidate,
        environment: Environment,
        novelty: NoveltyIndex,
        listener: ReceiptListener = ignore_receipt,
    ) -> Verdict:
        """Prove a new dream; an accepted one is in the novelty index afterwards.

        Raises:
            InfrastructureError: The proof could not be carried out; nothing is known about the candidate.
        """
        trial = self._trial(scenario, candidate, environment, novelty)
        receipts = await self._prove(trial, listener)
        if receipts[-1].verdict is GateVerdict.PASSED:
            receipts = await self._admit(trial, receipts, listener)
        return _verdict(scenario, receipts)

    async def verify(
        self,
        scenario: Scenario,
        candidate: Candidate,
        environment: Environment,
        novelty: NoveltyIndex,
        listener: ReceiptListener = ignore_receipt,
    ) -> Verdict:
        """Prove a stored dream again: the same proof, only that it is not a duplicate of itself.

        Raises:
            InfrastructureError: As in `judge`.
        """
        trial = self._trial(scenario, candidate, environment, novelty, exclude=scenario.id)
        return _verdict(scenario, await self._prove(trial, listener))

    def _trial(
        self,
        scenario: Scenario,
        candidate: Candidate,
        environment: Environment,
        novelty: NoveltyIndex,
        exclude: str | None = None,
    ) -> Trial:
        return Trial(
            scenario,
            candidate,
            environment,
            knowledge=self._knowledge,
            settings=self._settings,
            novelty=novelty,
            exclude=exclude,
        )

    async def _prove(self, trial: Trial, listener: ReceiptListener) -> list[Receipt]:
        receipts = await _examine(self._reading, trial, listener)
        if receipts[-1].verdict is GateVerdict.PASSED:
            async with self._sandbox.worker(trial.environment, "dream") as worker:
                trial.worker = worker
                receipts += await _examine(self._running, trial, listener)
        return receipts

    async def _admit(self, trial: Trial, receipts: list[Receipt], listener: ReceiptListener) -> list[Receipt]:
        """Enter the dream into the index unless a twin was accepted while this proof ran."""
        scenario = trial.scenario
        mark = await asyncio.to_thread(
            imprint, trial.candidate.solution, scenario.entry_point, [use.name for use in scenario.uses_api]
        )
        twin = trial.novelty.admit(scenario.id, mark, self._settings.novelty)
        if twin is None:
            return receipts
        gate = next(gate for gate in self._reading if gate.id == NoveltyGate.id)
        late = Receipt(
            gate=gate.id,
            name=gate.name,
            version=gate.version,
            verdict=GateVerdict.FAILED,
            evidence={
                "reason": f"{twin.reason} as dream {twin.dream}, accepted meanwhile",
                "nearest_dream": twin.dream,
            },
            seconds=0.0,
        )
        listener(late)
        return [*receipts, late]


async def _examine(gates: Sequence[Gate], trial: Trial, listener: ReceiptListener) -> list[Receipt]:
    receipts: list[Receipt] = []
    for gate in gates:
        receipt = await gate.examine(trial)
        receipts.append(receipt)
        listener(receipt)
        if receipt.verdict is not GateVerdict.PASSED:
            break
    return receipts


def _verdict(scenario: Scenario, receipts: list[Receipt]) -> Verdict:
    accepted = receipts[-1].verdict is GateVerdict.PASSED
    tier = (Tier.RECORDED if scenario.origin == RECORDED else Tier.SILVER) if accepted else None
    return Verdict(accepted=accepted, tier=tier, receipts=tuple(receipts))
