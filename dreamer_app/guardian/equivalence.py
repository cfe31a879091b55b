"""Which changed solutions nothing tells apart from the solution: probably equivalent, and then no fault of the tests.

Whether two programs are equivalent cannot be decided, so it is tried: both get hundreds of inputs, the tests' own,
further ones of the same shape, and such that lie at edges (nothing, one more, one less, a constant of the program, two
joined to one). Result, exception, print and what became of the arguments must be the same to the letter on every one. A
single difference, too few inputs on which the solution answers at all, an end that never comes, a result that cannot be
written down: then it is not equivalent. What that is worth is the gate's rule.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from dreamer_app.guardian.behaviour import answers, tested_inputs
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.inputs import Arguments, edge_inputs, more_inputs
from dreamer_app.sandbox.jobs import Canonical

DRAWN = 300
"""Inputs of the shape of the tests', and as many again at edges."""
MIN_ANSWERED = 150
"""Inputs on which the solution must return something, for agreement to say anything."""
CPU = 1.0
"""Processor seconds for all inputs of one solution; an endless loop is a difference."""


async def told_apart(trial: Trial, changed: Mapping[str, str]) -> dict[str, Arguments | None]:
    """An input on which each changed solution does something else than the solution; None where there was none.

    A changed solution that broke down is left out, and so are all of them where the inputs prove nothing.

    Args:
        trial: Whose worker runs them.
        changed: Sources, by a name that is unique in this trial.

    Raises:
        WorkerLostError: The worker was lost.
    """
    if not changed or trial.scenario.kind != "function":
        return {}
    inputs = await trial.remembered("equivalence inputs", lambda: _inputs(trial))
    if len(inputs) < MIN_ANSWERED:
        return {}
    sources = {"solution": trial.candidate.solution, **changed}
    did = await answers(trial, sources, inputs, "alike", effects=True, cpu=CPU)
    own = did["solution"]
    if own is None or any(_opaque(one) for one in own) or sum(map(_answered, own)) < MIN_ANSWERED:
        return {}
    return {name: _difference(own, other, inputs) for name in changed if (other := did[name]) is not None}


def _difference(own: Sequence[Canonical], other: Sequence[Canonical], inputs: Sequence[Arguments]) -> Arguments | None:
    places = (place for place, pair in enumerate(zip(own, other, strict=True)) if pair[0] != pair[1])
    first = next(places, None)
    return None if first is None else inputs[first % len(inputs)]


def _inputs(trial: Trial) -> list[Arguments]:
    tested = tested_inputs(trial.tests_tree, trial.scenario.entry_point)
    if not tested:
        return []
    seed = trial.scenario.seed
    drawn = more_inputs(tested, DRAWN, seed)
    edges = edge_inputs([*tested, *drawn], 2 * DRAWN - len(drawn), seed, _constants(trial.solution_tree))
    return list({repr(arguments): arguments for arguments in [*tested, *drawn, *edges]}.values())


def _constants(tree: ast.Module) -> list[int | float | str]:
    """Numbers and short texts in a program, and the numbers beside them."""
    found: list[int | float | str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=bool()):
                continue
            case ast.Constant(value=int() | float() as number):
                found += [number, number + 1, number - 1]
            case ast.Constant(value=str(text)) if len(text) <= 20:
                found.append(text)
    return found


def _opaque(value: Canonical) -> bool:
    match value:
        case ["opaque", *_]:
            return True
        case list():
            return any(_opaque(item) for item in value)
    return False


def _answered(value: Canonical) -> bool:
    """Whether the solution returned something: `["tuple", [["str", "value"], ...]]`."""
    match value:
        case ["tuple", [["str", "value"], _]]:
            return True
    return False
