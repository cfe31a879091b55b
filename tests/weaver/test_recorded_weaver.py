"""How the weaver takes turns; the families here yield ready scenarios, so that no worker is needed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import pytest

from dreamer_app.core.errors import InterruptedByWakeError, WorkerLostError
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import Candidate, Naturalness, WovenScenario
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment, Variant
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.builders import scenario
from tests.weaver.graph import PINS, DocstringGraph


def ready(n: int, naturalness: float = 0.9, solution: str = "") -> WovenScenario:
    one = scenario(n).model_copy(
        update={"title": f"task {n}", "naturalness": Naturalness(score=naturalness, parts={}), "prompt": f"Task {n}."}
    )
    return WovenScenario(scenario=one, reference=Candidate(solution=solution or distinct_program(n), coder="recorded"))


def distinct_program(n: int) -> str:
    letters = "".join(f"    a{n}x{i} = f{n}_{i}({n}, 'p{n}q{i}')\n" for i in range(5))
    return f"def g(x):\n{letters}    return h{n}(x)\n"


class Ready:
    """A family of ready scenarios."""

    def __init__(self, name: str, scenarios: Sequence[WovenScenario]) -> None:
        self.name = name
        self._scenarios = scenarios
        self.closed = False

    async def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        try:
            for one in self._scenarios:
                yield one
        finally:
            self.closed = True


class NoSandbox:
    """Lends nothing; these tests would fail if a worker was asked for."""


async def titles(families: Sequence[Ready], known: frozenset[str] = frozenset()) -> list[str]:
    weaver = RecordedWeaver(DocstringGraph(), NoSandbox(), Settings(), families=families)  # type: ignore[arg-type]
    return [w.scenario.title async for w in weaver.weave(WeaveRequest(libraries=PINS, seed=1, known=known))]


async def test_families_take_turns_until_all_are_exhausted() -> None:
    found = await titles([Ready("one", [ready(1), ready(2), ready(3)]), Ready("two", [ready(11)])])
    assert found == ["task 1", "task 11", "task 2", "task 3"]


async def test_known_unnatural_and_near_duplicate_scenarios_do_not_come() -> None:
    known = ready(1)
    twin = ready(4, solution=distinct_program(2).replace("def g(x)", "def other(y)").replace("(x)", "(y)"))
    found = await titles([Ready("one", [known, ready(2), ready(3, 0.1), twin])], frozenset({known.scenario.id}))
    assert found == ["task 2"]


async def test_a_night_that_ends_early_closes_the_families() -> None:
    family = Ready("one", [ready(1), ready(2)])
    weaver = RecordedWeaver(DocstringGraph(), NoSandbox(), Settings(), families=[family])  # type: ignore[arg-type]
    stream = weaver.weave(WeaveRequest(libraries=PINS, seed=1))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert family.closed


class Worker:
    """Fails as often as it is told, then works."""

    def __init__(self, failures: list[Exception], log: list[str]) -> None:
        self.name = "dreamer-worker-1"
        self._failures, self._log = failures, log

    async def __aenter__(self) -> Worker:
        self._log.append("lent")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._log.append("returned")

    async def battery(self, job: BatteryJob) -> BatteryResult:
        if self._failures:
            raise self._failures.pop(0)
        self._log.append("ran")
        return BatteryResult(variants=())


class Lender:
    def __init__(self, failures: list[Exception]) -> None:
        self.log: list[str] = []
        self._failures = failures

    async def environment(self, libraries: object) -> Environment:
        return Environment(id="e", path="/nowhere", pins=PINS, python="3.11", image="i")

    def worker(self, environment: Environment, purpose: str) -> Worker:
        return Worker(self._failures, self.log)


JOB = BatteryJob(solution="", tests="", test_names=(), variants=(Variant(id="v"),))


async def test_a_lost_worker_is_replaced_once() -> None:
    lender = Lender([WorkerLostError("lost", "gone")])
    async with WorkerLoom(lender, PINS) as loom:  # type: ignore[arg-type]
        await loom.battery(JOB)
        await loom.battery(JOB)
    assert lender.log == ["lent", "returned", "lent", "ran", "ran", "returned"]


async def test_an_interruption_is_passed_on_and_the_worker_returned() -> None:
    lender = Lender([InterruptedByWakeError("woken", "x")])
    async with WorkerLoom(lender, PINS) as loom:  # type: ignore[arg-type]
        with pytest.raises(InterruptedByWakeError):
            await loom.battery(JOB)
        assert lender.log == ["lent", "returned"]
