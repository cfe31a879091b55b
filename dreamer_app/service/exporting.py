"""The journal as the curator reads it: a stream of verified dreams, with plausible wrong answers where one is wanted.

It reads only, and makes nothing up: a wrong answer is a candidate that a gate stopped, or a mutant that the stored
receipt says the tests noticed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dreamer_app import __version__
from dreamer_app.academy.exports.format import Background
from dreamer_app.academy.selection import Outline
from dreamer_app.academy.training_example import WrongAnswer
from dreamer_app.core.solving import NearMiss
from dreamer_app.core.types import Dream
from dreamer_app.guardian.mutation.mutants import mutants
from dreamer_app.guardian.rewriting import source_of
from dreamer_app.store.proven_task import ProvenTask
from dreamer_app.store.store import Store

_RAN = ("G5", "G6", "G7", "G8", "G9")
"""Gates that only see candidates which parse, import what they may and use APIs that exist: those are plausible."""
_TELLING = (
    "comparison boundary",
    "slice shift",
    "keyword change",
    "constant",
    "arithmetic",
    "condition",
    "comparison negation",
    "loop exit",
    "argument swap",
)
"""Mutation operators whose change reads like a slip of a programmer, the likeliest first; others come after them."""


class JournalDreams:
    """Verified dreams of a journal.

    Args:
        store: The journal.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def outlines(self, *, licenses: bool) -> Iterator[Outline]:
        """What decides whether each is taken."""
        for row in self._store.stream.outlines(licenses=licenses):
            yield Outline(*row)

    def tasks(self, *, gates: bool = False, after: str = "") -> Iterator[ProvenTask]:
        """Each of them, from behind an identifier on."""
        return self._store.stream.tasks(gates=gates, after=after)

    def wrong(self, dream: ProvenTask) -> WrongAnswer | None:
        """A candidate for the same task that failed when it ran, else another answer of its coder that the tests
        noticed (the one that failed least), else a mutant that they noticed, else None.
        """
        for attempt in self._store.stream.failed_attempts(dream.id):
            if attempt.gate in _RAN and attempt.solution != dream.solution:
                return WrongAnswer(attempt.solution, "attempt", f"{attempt.gate} {attempt.name}", right=dream.solution)
        misses = [one for one in self._store.attempts.near_misses(dream.id) if _plausible(one, dream)]
        if misses:
            best = min(misses, key=lambda one: len(one.failed_tests))
            reason = f"fails {', '.join(best.failed_tests)}"
            return WrongAnswer(best.candidate.solution, "attempt", reason, right=dream.solution)
        whole = self._store.dreams.get(dream.id)
        return None if whole is None else killed_mutant(whole)

    def background(self) -> Background:
        """What a data card tells beside the rows."""
        statistics = self._store.stats.all()
        return Background(funnel=statistics.funnel, nights=statistics.nights, version=__version__)


def _plausible(miss: NearMiss, dream: ProvenTask) -> bool:
    """Whether it ran, some of the tests noticed, and it is not the solution after all."""
    return bool(miss.failed_tests) and miss.candidate.solution != dream.solution and miss.stage == "tests"


def killed_mutant(dream: Dream) -> WrongAnswer | None:
    """One of the mutants that the tests of a dream noticed, the same one every time.

    Which mutants were run follows from the dream alone; its receipt says how many they were and which survived. When it
    also says that some could not be run, nobody knows which were noticed, and there is none.
    """
    evidence = next((one.evidence for one in dream.verdict.receipts if one.gate == "G9"), {}) if dream.verdict else {}
    executed, unknown, survivors = evidence.get("executed"), evidence.get("unknown"), evidence.get("survivors")
    if not isinstance(executed, int) or unknown != 0 or not isinstance(survivors, list):
        return None
    alive = {one.get("diff") for one in survivors if isinstance(one, dict)}
    scenario = dream.scenario
    tree = ast.parse(dream.candidate.solution, "solution.py")
    chosen = mutants(
        tree,
        limit=executed,
        seed=scenario.seed,
        app=scenario.kind == "app",
        tests=scenario.tests,
    )
    if len(chosen) != executed:  # the rules have changed since, and the receipt speaks of others
        return None
    killed = [mutant for mutant in chosen if mutant.diff not in alive]
    if not killed:
        return None
    best = min(killed, key=lambda mutant: _TELLING.index(mutant.operator) if mutant.operator in _TELLING else 99)
    reason = f"{best.operator} in line {best.line}: {best.diff}"
    return WrongAnswer(best.source, "mutant", reason, right=source_of(tree))
