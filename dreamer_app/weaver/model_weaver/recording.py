"""What a draft's own solution does, recorded twice; nothing a model says about results is believed.

Further inputs of the same shape are recorded as well: a model thinks of ten cases, and the proof wants tests that
notice nine of ten changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.sandbox.inputs import more_inputs
from dreamer_app.sandbox.literals import entropy
from dreamer_app.weaver.acceptance import Case, Failing
from dreamer_app.weaver.model_weaver.specification import Draft, DraftError
from dreamer_app.weaver.recorded_weaver.rehearsal import Outcome, Program, Rehearsed, Stage
from dreamer_app.weaver.recorded_weaver.values import freeze, is_plain

HASH_SEEDS = (0, 4711)
FURTHER = 24
"""Inputs tried beside those that were said."""
MAX_CASES = 16
MIN_CASES = 8
MIN_DISTINCT = 5
MAX_FAILING = 0.34
"""Largest share of a draft's own calls that may raise without having been said to."""
MIN_BITS = 40.0
"""Of all expected values together; the proof wants 32."""


@dataclass(frozen=True)
class Recorded:
    """A draft with its values.

    Attributes:
        draft: The task.
        cases: Arguments and values, said ones first.
        errors: Arguments and exceptions that were really raised.
    """

    draft: Draft
    cases: tuple[Case, ...]
    errors: tuple[Failing, ...]


async def record(draft: Draft, stage: Stage, seed: int) -> Recorded:
    """Run a draft's solution and keep what it did.

    Raises:
        DraftError: It does not run, differs from run to run, or does not do what the draft says.
        InfrastructureError: No worker could be had.
    """
    further = await asyncio.to_thread(more_inputs, draft.calls, FURTHER, seed)
    calls = (*draft.calls, *further, *(arguments for arguments, _ in draft.errors))
    program = Program("draft", draft.solution, draft.name, calls)
    runs = [(await stage.rehearse([program], hash_seed=number)).get("draft") for number in HASH_SEEDS]
    first, *others = [_ran(run, len(calls)) for run in runs]
    for other in others:
        if [_key(one) for one in first] != [_key(one) for one in other]:
            raise DraftError("differs from run to run", "two interpreters gave different results")
    said = first[: len(draft.calls)]
    failing = [one for one in said if not one.ok]
    if len(failing) > MAX_FAILING * len(said):
        reason = f"{failing[0].error[:1]} {failing[0].message}"
        raise DraftError("its own solution fails", f"{len(failing)} of {len(said)} calls: {reason}")
    return Recorded(draft, _chosen(calls, first, len(said)), _raised(draft, first[len(said) + len(further) :]))


def _ran(run: Rehearsed | None, calls: int) -> tuple[Outcome, ...]:
    if run is None or len(run.outcomes) != calls:
        raise DraftError("its own solution does not run", "it cannot be loaded, or never ends")
    if run.deprecated:
        raise DraftError("deprecated API", "it warns of a deprecation")
    return run.outcomes


def _key(outcome: Outcome) -> tuple[Any, ...]:
    return (outcome.kind, freeze(outcome.value) if outcome.ok else outcome.error[:1])


def _chosen(calls: Sequence[tuple[Any, ...]], outcomes: Sequence[Outcome], said: int) -> tuple[Case, ...]:
    """Said cases first; then further ones whose results are new."""
    cases: list[Case] = []
    seen: set[str] = set()
    for place, (arguments, outcome) in enumerate(zip(calls, outcomes, strict=True)):
        if not outcome.ok or not is_plain(outcome.value) or len(cases) >= MAX_CASES:
            continue
        result = repr(freeze(outcome.value))
        if place < said or result not in seen:
            cases.append((arguments, outcome.value))
            seen.add(result)
    if len(cases) < MIN_CASES:
        raise DraftError("too few cases work", f"{len(cases)}, {MIN_CASES} are needed")
    if len(seen) < MIN_DISTINCT:
        raise DraftError("results are too much alike", f"{len(seen)} different ones, {MIN_DISTINCT} are needed")
    if sum(entropy(value) for _, value in cases) < MIN_BITS:
        raise DraftError("results are easy to guess", "true and false, or small numbers only")
    # The first case is shown to readers and gives its test the name `typical`.
    best = max(range(min(said, len(cases))), key=lambda place: min(len(repr(cases[place][1])), 200))
    return (cases[best], *cases[:best], *cases[best + 1 :])


def _raised(draft: Draft, outcomes: Sequence[Outcome]) -> tuple[Failing, ...]:
    for (arguments, wanted), outcome in zip(draft.errors, outcomes, strict=False):
        if wanted not in outcome.error:
            got = outcome.error[0] if outcome.error else outcome.kind
            raise DraftError("text and solution disagree", f"{arguments!r} must raise {wanted}, and gave {got}")
    return draft.errors
