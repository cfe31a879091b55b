"""The coder with a model: fresh solutions from the text alone, repair rounds, and tests that are mended with proof.

What the cheap gates refuse is handed on at once, so that no call is spent on it; the Guardian then says why in its
receipts. What is wrong is kept as a near miss.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from dreamer_app.coder.bench import TestBench, Tried
from dreamer_app.coder.council import Council
from dreamer_app.coder.repair import mended
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.interpreter import steady
from dreamer_app.core.solving import NearMiss, Solved
from dreamer_app.core.types import Candidate, Difficulty, Receipt, Scenario, WovenScenario
from dreamer_app.llm.model import BudgetSpentError

_log = logging.getLogger(__name__)

UNSOLVED = "unsolved"
"""The part of a scenario's difficulty that says how many fresh solutions failed."""

Precheck = Callable[[Scenario, Candidate], Awaitable[Receipt | None]]
"""The receipt of the first gate without execution that refuses a candidate; None when none does."""


class ModelCoder:
    """Solves with a language model.

    Args:
        council: Who is asked.
        bench: Where solutions are tried out.
        precheck: The gates that only read.
        repairs: Rounds of repair.
    """

    def __init__(self, council: Council, bench: TestBench, precheck: Precheck, *, repairs: int) -> None:
        self._council = council
        self._bench = bench
        self._precheck = precheck
        self._repairs = repairs

    @property
    def name(self) -> str:
        """For provenance."""
        return self._council.coder

    async def solve(self, woven: WovenScenario) -> Solved:
        """Propose a solution.

        Raises:
            DreamerError: Nothing was proposed at all.
            InfrastructureError: The model or a worker could not be had.
        """
        scenario, reference = woven.scenario, woven.reference
        if reference is not None:
            if (
                scenario.origin == "recorded"
                or scenario.base is not None
                or await self._precheck(scenario, reference) is not None
            ):
                return Solved(scenario=scenario, candidate=reference)
            self._council.know_reference(scenario, reference)
        try:
            fresh = await self._council.fresh(scenario)
        except BudgetSpentError:
            if reference is None:
                raise
            return Solved(scenario=scenario, candidate=reference)
        tried = await self._bench.tries(scenario, [one.solution for one in fresh if one.solution])
        if tried and not any(one.passed for one in tried):
            scenario, tried = await self._mended(scenario, tried)
        rate = sum(one.passed for one in tried) / len(fresh)
        repaired = () if rate > 0 or not tried else await self._repaired(scenario, tried)
        candidate = self._best((*tried, *repaired), reference)
        return Solved(
            scenario=scenario.model_copy(update={"difficulty": rated(scenario.difficulty, rate)}),
            candidate=candidate,
            near_misses=self._near_misses(tried, repaired),
        )

    async def _mended(self, scenario: Scenario, tried: tuple[Tried, ...]) -> tuple[Scenario, tuple[Tried, ...]]:
        changed, corrections = steady(lambda: mended(scenario, tried))
        if not corrections:
            return scenario, tried
        for correction in corrections:
            _log.info("test mended in %s: %s", scenario.title, correction.model_dump_json())
        return changed, await self._bench.tries(changed, [one.source for one in tried])

    async def _repaired(self, scenario: Scenario, tried: Sequence[Tried]) -> tuple[Tried, ...]:
        """Rounds over the attempt that fails least; the last one may have passed."""
        best = min(tried, key=lambda one: len(one.failed))
        rounds: list[Tried] = []
        for number in range(self._repairs):
            try:
                source = await self._council.repair(scenario, best.source, best.output, scenario.seed + 100 + number)
            except BudgetSpentError:
                break
            if source is None or source in {best.source, *(one.source for one in rounds)}:
                continue
            [attempt] = await self._bench.tries(scenario, [source])
            rounds.append(attempt)
            if attempt.passed:
                break
            best = attempt
        return tuple(rounds)

    def _best(self, tried: Sequence[Tried], reference: Candidate | None) -> Candidate:
        passing = [one for one in tried if one.passed]
        if passing:
            # Between right solutions the shortest one teaches most.
            return Candidate(solution=min(passing, key=lambda one: len(one.source)).source, coder=self.name)
        if reference is not None:
            return reference
        if not tried:
            raise DreamerError("No solution", "no answer of the model holds code", "Try a stronger model for solving.")
        return Candidate(solution=min(tried, key=lambda one: len(one.failed)).source, coder=self.name)

    def _near_misses(self, tried: Sequence[Tried], repaired: Sequence[Tried]) -> tuple[NearMiss, ...]:
        return tuple(
            NearMiss(
                candidate=Candidate(solution=one.source, coder=self.name),
                stage="tests",
                reason=one.output[:2000],
                failed_tests=one.failed,
                fresh=one in tried,
            )
            for one in (*tried, *repaired)
            if not one.passed
        )


def rated(difficulty: Difficulty, solve_rate: float) -> Difficulty:
    """A difficulty with its measured part."""
    parts = {**difficulty.parts, UNSOLVED: round(1 - solve_rate, 4)}
    return Difficulty(score=round(sum(parts.values()) / len(parts), 3), parts=parts)
