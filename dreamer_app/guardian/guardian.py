"""The Guardian: runs the gates over a candidate, cheap ones first, and writes the verdict.

The first gate that does not pass ends the proof. Everything is decided on this machine; workers only report what they
observed. It stores nothing and knows nothing of nights.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Sequence

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.core.types import Candidate, GateVerdict, Receipt, Scenario, Tier, Verdict
from dreamer_app.guardian.gates.agreement import AgreementGate
from dreamer_app.guardian.gates.api_exists import ApiExistsGate
from dreamer_app.guardian.gates.clean_run import CleanRunGate
from dreamer_app.guardian.gates.determinism import DeterminismGate
from dreamer_app.guardian.gates.imports import ImportsGate
from dreamer_app.guardian.gates.library_needed import LibraryNeededGate
from dreamer_app.guardian.gates.mutation_score import MutationGate
from dreamer_app.guardian.gates.novelty import NoveltyGate
from dreamer_app.guardian.gates.opinion import OpinionGate
from dreamer_app.guardian.gates.properties_hold import PropertiesGate
from dreamer_app.guardian.gates.second_suite import SecondSuiteGate
from dreamer_app.guardian.gates.security import SecurityGate
from dreamer_app.guardian.gates.shape import ShapeGate
from dreamer_app.guardian.gates.stub_battery import StubBatteryGate
from dreamer_app.guardian.novelty import NoveltyIndex, imprint
from dreamer_app.guardian.receipts import Gate
from dreamer_app.guardian.trial import Trial
from dreamer_app.guardian.witnesses import Witnesses
from dreamer_app.llm.model import BudgetSpentError
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.sandbox.sandbox import Sandbox

_log = logging.getLogger(__name__)

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


def asking_gates(clock: Clock) -> tuple[Gate, ...]:
    """The gates for what a model imagined: properties first, which need no further call, then independent minds."""
    return (PropertiesGate(clock), AgreementGate(clock), SecondSuiteGate(clock), OpinionGate(clock))


class Guardian:
    """Judges candidates; several at a time if asked so.

    Args:
        sandbox: Lends workers.
        knowledge: What the Oracle knows.
        settings: Thresholds.
        clock: Times the receipts.
        council: Independent minds, for dreams that a model imagined; None in a night without a model.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        knowledge: KnowledgeGraph,
        settings: GuardianSettings,
        clock: Clock | None = None,
        council: Witnesses | None = None,
    ) -> None:
        self._council = council
        self._sandbox = sandbox
        self._knowledge = knowledge
        self._settings = settings
        self._clock = clock or SystemClock()
        self._reading = reading_gates(self._clock)
        self._running = running_gates(self._clock)
        self._asking = asking_gates(self._clock)

    @property
    def policy(self) -> str:
        """16 hexadecimal digits over gate versions and thresholds: other digits, other rules, stale receipts."""
        versions = {gate.id: gate.version for gate in (*self._reading, *self._running, *self._asking)}
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
        if scenario.origin != RECORDED and scenario.base is None:
            trial.council = self._council
        receipts = await self._prove(trial, listener)
        if receipts[-1].verdict is GateVerdict.PASSED:
            receipts = await self._admit(trial, receipts, listener)
        return _verdict(scenario, receipts)

    async def precheck(
        self, scenario: Scenario, candidate: Candidate, environment: Environment, novelty: NoveltyIndex
    ) -> Receipt | None:
        """The first gate without execution that refuses a candidate; None when none does. No verdict."""
        receipts = await _examine(self._reading, self._trial(scenario, candidate, environment, novelty), ignore_receipt)
        return receipts[-1] if receipts[-1].verdict is not GateVerdict.PASSED else None

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
                if trial.council is not None and receipts[-1].verdict is GateVerdict.PASSED:
                    receipts += await self._ask(trial, listener)
        return receipts

    async def _ask(self, trial: Trial, listener: ReceiptListener) -> list[Receipt]:
        """The gates for what a model imagined; what the night's budget no longer allows keeps a dream from gold."""
        receipts: list[Receipt] = []
        try:
            for gate in self._asking:
                receipts += await _examine([gate], trial, listener)
                if receipts[-1].verdict is not GateVerdict.PASSED:
                    break
        except BudgetSpentError as error:
            _log.info("%s is judged without further calls: %s", trial.scenario.title, error.message)
        return receipts

    async def _admit(self, trial: Trial, receipts: list[Receipt], listener: ReceiptListener) -> list[Receipt]:
        """Enter the dream into the index unless a twin was accepted while this proof ran."""
        scenario = trial.scenario
        if scenario.base is not None:
            return receipts  # its solution is that of another dream, which is in the index itself
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
    return Verdict(accepted=accepted, tier=_tier(scenario, receipts) if accepted else None, receipts=tuple(receipts))


def _tier(scenario: Scenario, receipts: Sequence[Receipt]) -> Tier:
    """Gold is for what every gate has passed, with a property that tells right from wrong beyond examples."""
    if scenario.origin == RECORDED:
        return Tier.RECORDED
    passed = {receipt.gate: receipt.evidence for receipt in receipts}
    proved = (
        {AgreementGate.id, OpinionGate.id} <= set(passed)
        and passed.get(SecondSuiteGate.id, {}).get("agree") is not None
        and passed.get(PropertiesGate.id, {}).get("property") is not None
    )
    return Tier.GOLD if proved else Tier.SILVER
