"""What a coder hands over: a solution, and what it tried besides."""

from __future__ import annotations

from dreamer_app.core.types import Candidate, Frozen, Scenario


class NearMiss(Frozen):
    """A solution that was tried and is wrong: a labelled negative.

    Attributes:
        candidate: The code.
        stage: What it failed: a gate's identifier, or `tests`.
        reason: In words.
        failed_tests: Names of the tests that noticed.
        fresh: Whether it was written from the task text alone, before any output was seen.
    """

    candidate: Candidate
    stage: str
    reason: str
    failed_tests: tuple[str, ...] = ()
    fresh: bool = True


class Solved(Frozen):
    """What a coder hands over.

    Attributes:
        scenario: As it was given, but for tests that were proved wrong and repaired, and its measured solve rate.
        candidate: The solution to be judged.
        near_misses: Other attempts, all wrong.
    """

    scenario: Scenario
    candidate: Candidate
    near_misses: tuple[NearMiss, ...] = ()
