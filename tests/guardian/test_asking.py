"""G10 to G13 over real workers: what independent minds say decides, and only as far as it should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from dreamer_app.core.types import Candidate, GateVerdict, Receipt, Scenario
from dreamer_app.guardian.gates.agreement import AgreementGate
from dreamer_app.guardian.gates.opinion import OpinionGate
from dreamer_app.guardian.gates.properties_hold import PropertiesGate
from dreamer_app.guardian.gates.second_suite import SecondSuiteGate
from dreamer_app.guardian.receipts import TimedGate
from tests.guardian.conftest import Court
from tests.guardian.dreams import Planted, trial

OTHER = """
from toolz import keyfilter
import networkx


def households(pairs, rents):
    flats = networkx.Graph()
    flats.add_edges_from(pairs)
    own = [keyfilter(group.__contains__, rents) for group in networkx.connected_components(flats)]
    groups = [sorted(group) for group in networkx.connected_components(flats)]
    found = [{"people": people, "rent": sum(paid.values())} for people, paid in zip(groups, own) if paid]
    return sorted(found, key=lambda household: household["people"])
"""
"""Another way to the same."""
FORGETFUL = OTHER.replace(
    "    return sorted", "    if len(pairs) == 0 or len(rents) > 3:\n        return []\n    return sorted"
)
"""Passes every test and is wrong where they do not look."""
WRONG = OTHER.replace("if paid]", "]").replace("sum(paid.values())", "len(paid)")
BY_HEART = """
KNOWN = {calls}


def households(pairs, rents):
    return KNOWN[repr((pairs, rents))]
"""


@dataclass(frozen=True)
class Check:
    call: str
    returns: str | None
    raises: str | None = None


@dataclass(frozen=True)
class Suite:
    checks: Sequence[Check]


@dataclass(frozen=True)
class Opinion:
    score: int
    quotation: str
    reason: str = "Nobody could do this."


RIGHT = [
    Check("households([('ann', 'bob')], {'ann': 1})", "[{'people': ['ann', 'bob'], 'rent': 1}]"),
    Check("households([], {})", "[]"),
    Check("households([('a', 'b'), ('b', 'c')], {'c': 5})", "[{'people': ['a', 'b', 'c'], 'rent': 5}]"),
    Check("households([('x', 'y')], {})", "[]"),
    Check("households([('x', 'x')], {'x': 2})", "[{'people': ['x'], 'rent': 2}]"),
]


@dataclass
class Minds:
    """Says what it is told to say, suite by suite."""

    solutions: Sequence[str] = ()
    suites: Sequence[Suite | None] = ()
    view: Opinion | None = None
    asked: list[int] = field(default_factory=list)
    name: str = "m"
    available: bool = True

    async def witnesses(self, scenario: Scenario) -> Sequence[Candidate]:
        return [Candidate(solution=source, coder="model:m") for source in self.solutions]

    async def suite(self, scenario: Scenario, number: int = 0) -> Suite | None:
        self.asked.append(number)
        return self.suites[number]

    async def opinion(self, scenario: Scenario) -> Opinion | None:
        return self.view


async def examine(
    gate: TimedGate, court: Court, planted: Planted, minds: Minds | None, solution: str | None = None
) -> Receipt:
    subject = trial(planted, environment=court.environment, solution=solution)
    subject.council = minds
    async with court.sandbox.worker(court.environment, "dream") as worker:
        subject.worker = worker
        return await gate.examine(subject)


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.asyncio(loop_scope="module")
class TestWithWorkers:
    """What only shows when solutions really run."""

    async def test_properties_are_found_and_a_mutant_violates_them(self, court: Court, households: Planted) -> None:
        receipt = await examine(PropertiesGate(), court, households, None)
        assert receipt.verdict is GateVerdict.PASSED and receipt.evidence["property"], receipt
        assert int(str(receipt.evidence["inputs"])) >= 100

    async def test_what_only_knows_its_tests_breaks_down_on_other_inputs(
        self, court: Court, households: Planted
    ) -> None:
        receipt = await examine(PropertiesGate(), court, households, None, BY_HEART.format(calls="{}"))
        assert receipt.verdict is GateVerdict.FAILED and "raises on" in str(receipt.evidence["reason"])

    async def test_independent_solutions_that_agree_let_it_pass(self, court: Court, households: Planted) -> None:
        receipt = await examine(AgreementGate(), court, households, Minds([OTHER, WRONG]))
        assert receipt.verdict is GateVerdict.PASSED, receipt
        assert receipt.evidence["asked"] == 2 and receipt.evidence["passing"] == 1

    async def test_one_that_passes_the_tests_and_differs_elsewhere_stops_it(
        self, court: Court, households: Planted
    ) -> None:
        receipt = await examine(AgreementGate(), court, households, Minds([OTHER, FORGETFUL]))
        assert receipt.verdict is GateVerdict.FAILED and receipt.evidence["shown"], receipt

    async def test_what_nobody_else_can_solve_is_stopped(self, court: Court, households: Planted) -> None:
        for minds in (Minds([WRONG]), Minds(), None):
            receipt = await examine(AgreementGate(), court, households, minds)
            assert receipt.verdict is GateVerdict.FAILED, receipt

    async def test_single_contradictions_are_listed_and_a_suite_of_them_is_asked_for_again(
        self, court: Court, households: Planted
    ) -> None:
        false = [Check(check.call, "'no idea'") for check in RIGHT]
        one_wrong = Minds(suites=[Suite([*RIGHT[:4], false[4]])])
        receipt = await examine(SecondSuiteGate(), court, households, one_wrong)
        assert receipt.verdict is GateVerdict.PASSED and receipt.evidence["agree"] == 0.8
        assert isinstance(receipt.evidence["contradictions"], list | tuple) and one_wrong.asked == [0]
        mended = Minds(suites=[Suite(false), Suite(RIGHT)])
        receipt = await examine(SecondSuiteGate(), court, households, mended)
        assert receipt.verdict is GateVerdict.PASSED and receipt.evidence["agree"] == 1.0 and mended.asked == [0, 1]
        receipt = await examine(SecondSuiteGate(), court, households, Minds(suites=[Suite(false), Suite(false)]))
        assert receipt.verdict is GateVerdict.FAILED and "contradict" in str(receipt.evidence["reason"])

    async def test_no_usable_suite_says_nothing(self, court: Court, households: Planted) -> None:
        useless = Suite([Check("open('x')", "1"), Check("households(*rows)", "[]"), Check("households([], {})", "f()")])
        receipt = await examine(SecondSuiteGate(), court, households, Minds(suites=[None, useless]))
        assert receipt.verdict is GateVerdict.PASSED and receipt.evidence["agree"] is None


@pytest.mark.parametrize(
    ("view", "verdict"),
    [
        (Opinion(1, "Group flatmates"), GateVerdict.FAILED),
        (Opinion(1, "words that are not there"), GateVerdict.PASSED),
        (Opinion(1, ""), GateVerdict.PASSED),
        (Opinion(2, "Group flatmates"), GateVerdict.PASSED),
        (None, GateVerdict.PASSED),
    ],
)
async def test_an_opinion_rejects_only_with_words_of_the_text(
    households: Planted, view: Opinion | None, verdict: GateVerdict
) -> None:
    subject = trial(households)
    subject.council = Minds(view=view)
    assert (await OpinionGate().examine(subject)).verdict is verdict
