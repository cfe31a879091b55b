"""The journal as the curator reads it: a stream of verified dreams, with plausible wrong answers where one is wanted.

It makes nothing up: a wrong answer is a candidate that a gate stopped, or a mutant that the stored receipt says the
tests noticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dreamer_app import __version__
from dreamer_app.academy.exports.format import Background
from dreamer_app.academy.selection import Outline
from dreamer_app.academy.training_example import WrongAnswer
from dreamer_app.core.solving import NearMiss
from dreamer_app.guardian.mutation.noticed import noticed_in
from dreamer_app.store.negatives import FailedAttempt, KeptMutant
from dreamer_app.store.proven_task import ProvenTask
from dreamer_app.store.store import Store

_RAN = ("G5", "G6", "G7", "G8", "G9")
"""Gates that only see candidates which parse, import what they may and use APIs that exist: those are plausible."""


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

    def wrong(self, dreams: Sequence[ProvenTask]) -> list[WrongAnswer | None]:
        """For each a candidate for the same task that failed when it ran, else another answer of its coder that the
        tests noticed (the one that failed least), else a mutant that they noticed, else None.
        """
        identifiers = [dream.id for dream in dreams]
        failed = self._store.negatives.failed_attempts(identifiers)
        missed = self._store.negatives.near_misses(identifiers)
        found = [_failed(one, failed.get(one.id, ())) or _missed(one, missed.get(one.id, ())) for one in dreams]
        mutants = self._mutants([dream.id for dream, wrong in zip(dreams, found, strict=True) if wrong is None])
        return [wrong or mutant_answer(mutants[dream.id]) for dream, wrong in zip(dreams, found, strict=True)]

    def _mutants(self, dreams: Sequence[str]) -> dict[str, KeptMutant]:
        """What the receipts keep; where one keeps nothing, it is made again, and kept from then on."""
        kept = self._store.negatives.mutants(dreams)
        whole = [self._store.dreams.get(identifier) for identifier in dreams if identifier not in kept]
        made = {dream.id: noticed_in(dream) for dream in whole if dream is not None}
        if made:
            self._store.negatives.keep_mutants(made)
        return dict.fromkeys(dreams) | dict(kept) | made

    def background(self) -> Background:
        """What a data card tells beside the rows."""
        statistics = self._store.stats.all()
        return Background(funnel=statistics.funnel, nights=statistics.nights, version=__version__)


def _failed(dream: ProvenTask, attempts: Sequence[FailedAttempt]) -> WrongAnswer | None:
    for attempt in attempts:
        if attempt.gate in _RAN and attempt.solution != dream.solution:
            return WrongAnswer(attempt.solution, "attempt", f"{attempt.gate} {attempt.name}", right=dream.solution)
    return None


def _missed(dream: ProvenTask, misses: Sequence[NearMiss]) -> WrongAnswer | None:
    plausible = [one for one in misses if _plausible(one, dream)]
    if not plausible:
        return None
    best = min(plausible, key=lambda one: len(one.failed_tests))
    reason = f"fails {', '.join(best.failed_tests)}"
    return WrongAnswer(best.candidate.solution, "attempt", reason, right=dream.solution)


def _plausible(miss: NearMiss, dream: ProvenTask) -> bool:
    """Whether it ran, some of the tests noticed, and it is not the solution after all."""
    return bool(miss.failed_tests) and miss.candidate.solution != dream.solution and miss.stage == "tests"


def mutant_answer(kept: KeptMutant) -> WrongAnswer | None:
    """What is kept of a mutant, as a wrong answer."""
    if kept is None:
        return None
    reason = f"{kept['operator']} in line {kept['line']}: {kept['diff']}"
    return WrongAnswer(str(kept["wrong"]), "mutant", reason, right=str(kept["right"]))
