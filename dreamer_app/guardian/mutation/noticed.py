"""The one mutant that a receipt keeps whole: a wrong answer that the tests noticed and a programmer could have written.

Training on preferences needs one for every dream, and to make it again costs a hundred times what reading it does.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pydantic import JsonValue

from dreamer_app.core.types import Dream
from dreamer_app.guardian.mutation.mutants import Mutant, mutants
from dreamer_app.guardian.rewriting import source_of

KEPT = "kept_mutant"
"""Its name in the evidence."""
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


def noticed(tree: ast.Module, killed: Sequence[Mutant]) -> dict[str, JsonValue]:
    """What is kept of the mutant that reads most like a slip.

    Args:
        tree: The solution.
        killed: Mutants of it that the tests noticed, in the order in which they were chosen; at least one.

    Returns:
        `operator`, `line` and `diff` of the mutant, its source as `wrong`, and the solution laid out in the same way as
        `right`, so that nothing but the mistake tells the two apart.
    """
    best = min(killed, key=lambda mutant: _TELLING.index(mutant.operator) if mutant.operator in _TELLING else 99)
    return {
        "operator": best.operator,
        "line": best.line,
        "diff": best.diff,
        "wrong": best.source,
        "right": source_of(tree),
    }


def noticed_in(dream: Dream) -> dict[str, JsonValue] | None:
    """What is kept of a dream's proof; made again where its receipt was written before any kept it.

    Which mutants were run follows from the dream alone; its receipt says how many they were and which survived. When it
    also says that some could not be run, nobody knows which were noticed, and there is none.
    """
    receipts = dream.verdict.receipts if dream.verdict else ()
    evidence = next((one.evidence for one in receipts if one.gate == "G9"), {})
    kept, executed, survivors = evidence.get(KEPT), evidence.get("executed"), evidence.get("survivors")
    if isinstance(kept, dict):
        return kept
    if not isinstance(executed, int) or evidence.get("unknown") != 0 or not isinstance(survivors, list):
        return None
    alive = {one.get("diff") for one in survivors if isinstance(one, dict)}
    scenario = dream.scenario
    tree = ast.parse(dream.candidate.solution, "solution.py")
    chosen = mutants(tree, limit=executed, seed=scenario.seed, app=scenario.kind == "app", tests=scenario.tests)
    if len(chosen) != executed:  # the rules have changed since, and the receipt speaks of others
        return None
    killed = [mutant for mutant in chosen if mutant.diff not in alive]
    return noticed(tree, killed) if killed else None
