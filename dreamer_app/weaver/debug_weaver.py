"""Debug dreams: a proven solution with one small fault in it, to be found and mended. No model is needed.

The fault is a mutant of which execution shows that some tests notice it and others do not: it is neither harmless nor
plain to see. The solution that was proved before is the answer. Only dreams of earlier nights are developed in this
way, each of them once.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.core.interpreter import steady
from dreamer_app.core.types import Difficulty, Dream, Scenario, WovenScenario
from dreamer_app.sandbox.blind import BlindTests, blind, judge
from dreamer_app.sandbox.canonical import Opaque, Raised, decode
from dreamer_app.sandbox.jobs import BatteryJob, Variant, VariantResult
from dreamer_app.sandbox.literals import LiteralError, literal
from dreamer_app.sandbox.looking import expressions
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.weaver.recorded_weaver.chance import seeded
from dreamer_app.weaver.recorded_weaver.family import Loom
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.scenario_weaver import WeaveRequest

VERSION = "1"
MUTANTS = 24
WALL = 20.0
PATTERN = "debug"
SHOWN = 300
"""Characters of a value that a task text shows."""


_STUB = re.compile(r"\n*(?:Write this(?: function)?:\n\n)?```python\n(?:async )?(?:def|class) .*?```\n*", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """A program with one change.

    Attributes:
        source: The whole program.
        operator: What kind of change it is.
    """

    source: str
    operator: str


FaultMaker = Callable[[str, str, bool, int], Sequence[Fault]]
"""From a solution, its tests, whether it is an application, and a seed, to faults in a repeatable order."""


class DebugWeaver:
    """Weaves debug dreams.

    Args:
        bases: Verified dreams.
        faults: Makes faults.
        sandbox: Where they are shown to be faults.
    """

    def __init__(self, bases: Sequence[Dream], faults: FaultMaker, sandbox: Sandbox) -> None:
        self._bases = [dream for dream in bases if dream.scenario.base is None]
        self._developed = {dream.scenario.base for dream in bases}
        self._faults = faults
        self._sandbox = sandbox

    @property
    def name(self) -> str:
        """For provenance."""
        return f"debug/{VERSION}"

    async def weave(self, request: WeaveRequest) -> AsyncIterator[WovenScenario]:
        """Yield one debug dream for every dream that has none, in a drawn order.

        Raises:
            InfrastructureError: A worker could not be had.
        """
        have = {(pin.name, pin.version) for pin in request.libraries}
        fitting = [
            dream
            for dream in self._bases
            if dream.id not in self._developed and {(pin.name, pin.version) for pin in dream.scenario.libraries} <= have
        ]
        seeded(f"debug:{request.seed}").shuffle(fitting)
        async with WorkerLoom(self._sandbox, request.libraries) as loom:
            for dream in fitting:
                woven = await self._broken(dream, loom, request.seed)
                if woven is not None and woven.scenario.id not in request.known:
                    yield woven

    async def _broken(self, dream: Dream, loom: Loom, seed: int) -> WovenScenario | None:
        scenario, solution = dream.scenario, dream.candidate.solution
        faults = steady(lambda: self._faults(solution, scenario.tests, scenario.kind == "app", seed))[:MUTANTS]
        if not faults:
            return None
        tests = steady(lambda: blind(scenario.tests))
        job = BatteryJob(
            solution=solution,
            tests=tests.source,
            test_names=tests.test_names,
            variants=tuple(Variant(id=str(place), solution=fault.source) for place, fault in enumerate(faults)),
            wall=WALL,
        )
        results = (await loom.battery(job)).variants
        ranked: list[tuple[int, int]] = []
        for place, result in enumerate(results):
            failed = len(judge(tests, result).failures)
            if result.status == "finished" and 0 < failed < len(tests.test_names):
                ranked.append((failed, place))
        for _, place in sorted(ranked):
            shown = _failure(scenario, tests, results[place])
            if shown:
                return _scenario(dream, faults[place], shown, min(ranked)[0] / len(tests.test_names), seed)
        return None


def _scenario(dream: Dream, fault: Fault, shown: str, noticed: float, seed: int) -> WovenScenario:
    scenario = dream.scenario
    parts = {**scenario.difficulty.parts, "hidden": round(1 - noticed, 3)}
    task = _without_stub(scenario.prompt)
    prompt = (
        f"The program below was written for this task, and it has a fault.\n\n"
        f"> {task.strip().replace(chr(10), chr(10) + '> ')}\n\n"
        f"```python\n{fault.source.strip()}\n```\n\n"
        f"{shown}\n\nFind the fault and mend it, and change nothing else: what works must go on working.\n"
    )
    return WovenScenario(
        scenario=scenario.model_copy(
            update={
                "title": f"Mend: {scenario.title}",
                "prompt": prompt,
                "pattern": f"{PATTERN}/{fault.operator}",
                "difficulty": Difficulty(score=round(sum(parts.values()) / len(parts), 3), parts=parts),
                "seed": seed,
                "broken": fault.source,
                "base": dream.id,
            }
        ),
        reference=dream.candidate,
    )


def _without_stub(prompt: str) -> str:
    """A task text without its empty function: the broken program stands there instead."""
    return _STUB.sub("\n\n", prompt)


def _failure(scenario: Scenario, tests: BlindTests, result: VariantResult) -> str:
    """One thing that goes wrong, in words; empty when it cannot be told."""
    looked_at = expressions(scenario.tests)
    for name in judge(tests, result).failures:
        run = result.tests.get(name)
        if run is None:
            continue
        if run.outcome != "finished":
            return f"One of its tests ends with `{(run.error or 'an error')[:SHOWN]}`."
        for key, expectation in tests.of(name).items():
            values = run.values.get(key, ())
            observed: Any = decode(values[0]) if values else None
            if expectation.kind != "compare" or not values or isinstance(observed, Opaque | Raised):
                continue
            if observed != expectation.literal:
                try:
                    said, meant = literal(observed), literal(expectation.literal)
                except LiteralError:
                    continue
                call = looked_at.get(key, "")
                if call and len(said) + len(meant) + len(call) < 3 * SHOWN:
                    return f"`{call}` gives\n\n```python\n{said}\n```\n\nand should give\n\n```python\n{meant}\n```"
    return ""
