"""Faults for debug dreams: the Guardian's mutants, lent to a weaver that may not know the Guardian."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from dreamer_app.core.types import Dream
from dreamer_app.guardian.mutation.mutants import mutants
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.weaver.debug_weaver import DebugWeaver, Fault

LIMIT = 40
CRUDE = frozenset({"emptied", "return value", "condition", "branch"})
"""Operators whose mutants nobody would take for a programmer's mistake."""


def faults(solution: str, tests: str, app: bool, seed: int) -> Sequence[Fault]:
    """Small changes of a solution, as a programmer might have made them."""
    made = mutants(ast.parse(solution), limit=LIMIT, seed=seed, app=app, tests=tests)
    return [Fault(mutant.source, mutant.operator) for mutant in made if mutant.operator not in CRUDE]


def debug_weaver(bases: Sequence[Dream], sandbox: Sandbox) -> DebugWeaver:
    """The weaver of debug dreams."""
    return DebugWeaver(bases, faults, sandbox)
