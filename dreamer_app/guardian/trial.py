"""One candidate under proof: what the gates read, and what has been observed of it so far.

It parses once and remembers; it judges nothing. One trial belongs to one worker and is thrown away with it.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.core.types import Candidate, Scenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.blind import BlindTests, blind
from dreamer_app.sandbox.jobs import BatteryJob, Environment, PytestJob, PytestResult, Variant, VariantResult
from dreamer_app.sandbox.sandbox import Worker

if TYPE_CHECKING:
    from dreamer_app.guardian.novelty import NoveltyIndex
    from dreamer_app.guardian.witnesses import Witnesses

Result = TypeVar("Result")

WALL = 30.0
"""Seconds for one run of a whole suite: three times what a suite may compute, because workers run at the lowest
priority and wait for everybody else."""


CLEAN = Variant(id="clean", coverage=True)
"""The blind run of the unchanged solution."""


class Trial:
    """What is known about one candidate.

    Args:
        scenario: The task.
        candidate: The code.
        environment: Where it runs.
        knowledge: What the Oracle knows.
        settings: Thresholds.
        novelty: Earlier dreams.
        exclude: Dream that does not count as a duplicate (itself, when a stored dream is proved again).
        council: Independent minds, where there are any.

    Attributes:
        worker: Lent once the reading gates have passed.
        cpu_seconds: Spent in the worker so far.
        noticed: Stub to the tests that noticed it, for gates that come later.
    """

    def __init__(
        self,
        scenario: Scenario,
        candidate: Candidate,
        environment: Environment,
        *,
        knowledge: KnowledgeGraph,
        settings: GuardianSettings,
        novelty: NoveltyIndex,
        exclude: str | None = None,
        council: Witnesses | None = None,
    ) -> None:
        self.scenario = scenario
        self.candidate = candidate
        self.environment = environment
        self.knowledge = knowledge
        self.settings = settings
        self.novelty = novelty
        self.exclude = exclude
        self.council = council
        self.worker: Worker | None = None
        self.cpu_seconds = 0.0
        self.noticed: dict[str, tuple[str, ...]] = {}
        self._remembered: dict[str, Any] = {}
        self._observed: dict[str, tuple[Variant, VariantResult]] = {}

    @cached_property
    def solution_tree(self) -> ast.Module:
        """The parsed solution.

        Raises:
            SyntaxError: It does not parse.
            ValueError: It holds null bytes.
        """
        return ast.parse(self.candidate.solution, "solution.py")

    @cached_property
    def tests_tree(self) -> ast.Module:
        """The parsed test module; raises as `solution_tree` does."""
        return ast.parse(self.scenario.tests, "test_solution.py")

    @cached_property
    def tests(self) -> BlindTests:
        """The test module in two halves.

        Raises:
            BlindError: It cannot be judged from outside.
        """
        return blind(self.scenario.tests)

    @property
    def import_names(self) -> dict[str, str]:
        """Top-level package to the distribution under study that provides it."""
        return {
            name: pin.name
            for pin in self.scenario.libraries
            for name in (pin.import_names or (pin.name.replace("-", "_"),))
        }

    async def observe(self, variants: Sequence[Variant]) -> dict[str, VariantResult]:
        """Run variants in this dream's worker; what was run before under the same identifier is not run again.

        Raises:
            DreamerError: No worker has been lent, or an identifier was used for something else.
            WorkerLostError: The worker broke its protocol or answered for other variants.
        """
        fresh = []
        for variant in variants:
            known = self._observed.get(variant.id)
            if known is None:
                fresh.append(variant)
            elif known[0] != variant:
                raise DreamerError("A variant's name was used twice", variant.id)
        if fresh:
            job = BatteryJob(
                solution=self.candidate.solution,
                tests=self.tests.source,
                test_names=self.tests.test_names,
                variants=tuple(fresh),
                wall=WALL,
            )
            result = await self._lent_worker().battery(job)
            if [answer.id for answer in result.variants] != [variant.id for variant in fresh]:
                raise DreamerError("A worker answered another question", "its variants are not those of the job")
            for variant, answer in zip(fresh, result.variants, strict=True):
                self._observed[variant.id] = (variant, answer)
                self.cpu_seconds += answer.cpu_seconds
        return {variant.id: self._observed[variant.id][1] for variant in variants}

    async def clean(self) -> VariantResult:
        """The blind run of the unchanged solution, with its branch coverage; raises as `observe` does."""
        return (await self.observe([CLEAN]))[CLEAN.id]

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Do computing work beside the event loop.

        A `StopIteration` cannot pass through a future (whoever awaits it would wait for ever), so it becomes a
        `RuntimeError`, as in a generator.
        """

        def contained() -> Result:
            try:
                return work()
            except StopIteration as error:
                raise RuntimeError("an iterator was empty") from error

        return await asyncio.to_thread(contained)

    async def remembered(self, name: str, work: Callable[[], Result]) -> Result:
        """Do computing work once per trial, beside the event loop."""
        if name not in self._remembered:
            self._remembered[name] = await self.in_thread(work)
        result: Result = self._remembered[name]
        return result

    async def plain_pytest(self, job: PytestJob) -> PytestResult:
        """Run pytest as a user would; raises as `observe` does."""
        result = await self._lent_worker().pytest(job)
        self.cpu_seconds += result.cpu_seconds
        return result

    def _lent_worker(self) -> Worker:
        if self.worker is None:
            raise DreamerError("There is no worker", "an execution gate was asked before a worker was lent")
        return self.worker
