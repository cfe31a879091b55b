"""G5: what an event stream must look like, and what the probe must see. Forged streams are written by hand here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dreamer_app.core.types import GateVerdict
from dreamer_app.guardian.gates.clean_run import CleanRunGate, event_problems
from dreamer_app.sandbox.jobs import PytestEvent, PytestResult
from tests.guardian.conftest import Court
from tests.guardian.dreams import Planted, load, trial

NAMES = ("test_a", "test_b")
Fields = list[tuple[str, dict[str, Any]]]


def stream() -> Fields:
    tests = [f"test_solution.py::{name}" for name in NAMES]
    reports: Fields = [
        ("report", {"id": test, "when": when, "outcome": "passed"})
        for test in tests
        for when in ("setup", "call", "teardown")
    ]
    return [("collected", {"ids": tests}), *reports, ("end", {"status": 0})]


def result(events: Fields, **changes: Any) -> PytestResult:
    numbered = tuple(PytestEvent(n=n, kind=kind, fields=fields) for n, (kind, fields) in enumerate(events))
    plain = PytestResult(
        status="exited", exit_code=0, events=numbered, output="", dropped=False, seconds=0.1, cpu_seconds=0.1
    )
    return plain.model_copy(update=changes)


def test_a_clean_stream_has_no_problems() -> None:
    assert event_problems(result(stream()), NAMES) == []
    noisy = [*stream()[:-1], ("warning", {"text": "UserWarning: of a library"}), stream()[-1]]
    assert event_problems(result(noisy), NAMES) == []


def drop(events: Fields, place: int) -> None:
    del events[place]


def change(events: Fields, place: int, **fields: Any) -> None:
    events[place] = (events[place][0], {**events[place][1], **fields})


FORGERIES: dict[str, Callable[[Fields], object]] = {
    "nothing collected": lambda events: drop(events, 0),
    "other tests collected": lambda events: change(events, 0, ids=["test_solution.py::test_a"]),
    "a phase is missing": lambda events: drop(events, 2),
    "a phase twice": lambda events: events.insert(3, events[2]),
    "a test nobody knows": lambda events: change(events, 2, id="test_solution.py::test_c"),
    "a failure": lambda events: change(events, 2, outcome="failed"),
    "a skip": lambda events: change(events, 1, outcome="skipped"),
    "an expected failure": lambda events: change(events, 2, wasxfail=True),
    "no end": lambda events: drop(events, -1),
    "a bad end": lambda events: change(events, -1, status=1),
    "something after the end": lambda events: events.append(events[1]),
    "two ends": lambda events: events.append(events[-1]),
    "an unknown event": lambda events: events.insert(1, ("applause", {})),
    "a returning test": lambda events: events.insert(1, ("warning", {"text": "PytestReturnNotNoneWarning: x"})),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_stream_is_seen_through(forgery: str) -> None:
    events = stream()
    FORGERIES[forgery](events)
    assert event_problems(result(events), NAMES)


@pytest.mark.parametrize(
    "changes", [{"exit_code": 1}, {"status": "timeout", "exit_code": None}, {"status": "crashed"}, {"dropped": True}]
)
def test_how_the_run_ended_matters(changes: dict[str, Any]) -> None:
    assert event_problems(result(stream(), **changes), NAMES)


def test_gaps_in_the_numbers_are_seen() -> None:
    plain = result(stream())
    events = tuple(event for event in plain.events if event.n != 3)
    assert event_problems(plain.model_copy(update={"events": events}), NAMES)


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.asyncio(loop_scope="module")
class TestWithWorkers:
    """What only shows when the tests really run."""

    async def examine(self, court: Court, planted: Planted, **changes: Any) -> Any:
        subject = trial(planted, environment=court.environment, **changes)
        async with court.sandbox.worker(court.environment, "dream") as worker:
            subject.worker = worker
            return await CleanRunGate().examine(subject)

    async def test_an_object_that_equals_everything_does_not_pass(self, court: Court) -> None:
        receipt = await self.examine(court, load("bad", "always_equal"))
        assert receipt.verdict is GateVerdict.FAILED
        assert receipt.evidence["reason"] == "the blind run failed"

    async def test_leaving_early_does_not_pass(self, court: Court, route: Planted) -> None:
        receipt = await self.examine(court, route, solution="import os\nos._exit(0)\n")
        assert receipt.verdict is GateVerdict.FAILED

    async def test_a_deprecation_in_the_solution_does_not_pass(self, court: Court, route: Planted) -> None:
        warned = route.candidate.solution.replace(
            "    land =", "    import warnings\n    warnings.warn('old', DeprecationWarning)\n    land ="
        )
        receipt = await self.examine(court, route, solution=warned)
        assert receipt.verdict is GateVerdict.FAILED
        assert receipt.evidence["reason"] == "plain pytest"

    async def test_tests_that_cannot_fail_are_found_by_the_probe(self, court: Court, route: Planted) -> None:
        """A plain run passes because the assertion was switched off; nothing but the probe can see that."""
        numb = "def test_no_way() -> None:\n    import contextlib\n    with contextlib.suppress(AssertionError):\n    "
        tests = route.scenario.tests.replace("def test_no_way() -> None:\n", numb)
        receipt = await self.examine(court, route, tests=tests)
        assert receipt.verdict is GateVerdict.FAILED
        assert receipt.evidence["unmoved"] == ["test_no_way"]
        assert "expected value was broken" in receipt.evidence["reason"]
