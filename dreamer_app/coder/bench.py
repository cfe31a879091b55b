"""Tries solutions out on a scenario's tests, in a worker whose word is never a verdict.

The expected values stay here, as in the proof. What a solver may be told of a failure is made here as well: the call
and what it did, never what was expected, so that a repaired solution is still one from the task text alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dreamer_app.core.interpreter import steady
from dreamer_app.core.types import Scenario
from dreamer_app.sandbox.blind import BlindTests, blind, judge
from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.jobs import BatteryJob, TestRun, Variant, VariantResult
from dreamer_app.sandbox.looking import expressions
from dreamer_app.sandbox.sandbox import Sandbox

WALL = 20.0
SHOWN_FAILURES = 4
SHOWN_CHARACTERS = 400


@dataclass(frozen=True)
class Tried:
    """What became of one solution.

    Attributes:
        source: The solution.
        passed: Every test showed what was expected.
        failed: Names of the tests that did not.
        output: What its author may know of the failures.
        values: What was observed, by observation identifier; only what was observed once and is plain.
    """

    source: str
    passed: bool
    failed: tuple[str, ...]
    output: str
    values: Mapping[str, Any] = field(default_factory=dict)


class TestBench:
    """Runs solutions.

    Args:
        sandbox: Lends the worker.
    """

    __test__ = False

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def tries(self, scenario: Scenario, sources: Sequence[str]) -> tuple[Tried, ...]:
        """Run each solution against the tests.

        Raises:
            InfrastructureError: No worker could be had, or it was lost.
            BlindError: The tests cannot be judged.
        """
        if not sources:
            return ()
        tests = steady(lambda: blind(scenario.tests))
        job = BatteryJob(
            solution=sources[0],
            tests=tests.source,
            test_names=tests.test_names,
            variants=tuple(Variant(id=str(place), solution=source) for place, source in enumerate(sources)),
            wall=WALL,
        )
        environment = await self._sandbox.environment(scenario.libraries)
        async with self._sandbox.worker(environment, "weave") as worker:
            results = (await worker.battery(job)).variants
        calls = steady(lambda: expressions(scenario.tests))
        return tuple(_tried(source, tests, result, calls) for source, result in zip(sources, results, strict=True))


def _tried(source: str, tests: BlindTests, result: VariantResult, calls: Mapping[str, str]) -> Tried:
    judgement = judge(tests, result)
    if judgement.passed:
        return Tried(source, passed=True, failed=(), output="", values=_values(result))
    if result.status != "finished":
        return Tried(source, False, tests.test_names, f"{result.status}: {result.error or 'it never ended'}"[:2000])
    lines: list[str] = []
    for name in judgement.failures:
        if len(lines) < SHOWN_FAILURES:
            lines.append(_told(name, tests, result.tests.get(name), calls))
    return Tried(source, False, tuple(judgement.failures), "\n".join(lines), _values(result))


def _told(name: str, tests: BlindTests, run: TestRun | None, calls: Mapping[str, str]) -> str:
    """One failing test as its solver hears of it."""
    if run is None or run.outcome != "finished":
        return f"{name}: {run.error if run and run.error else 'did not run to its end'}"[:SHOWN_CHARACTERS]
    for key, expectation in tests.of(name).items():
        values = run.values.get(key, ())
        if not values or not _as_expected(values[0], expectation.literal):
            seen = f"{decode(values[0])!r}" if values else "nothing"
            return f"{name}: {calls.get(key, key)} gave {seen[:SHOWN_CHARACTERS]}, which is not what the task says"
    return f"{name}: something else than the task says"


def _as_expected(value: Any, expected: Any) -> bool:
    return bool(decode(value) == expected)


def _values(result: VariantResult) -> dict[str, Any]:
    return {
        key: decode(values[0])
        for run in result.tests.values()
        for key, values in run.values.items()
        if len(values) == 1
    }
