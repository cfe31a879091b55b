"""G9, coverage and mutation: every branch is taken, and a changed solution is noticed.

Coverage alone says almost nothing (suites with all lines covered let almost half of the mutants through), so it is only
the entry ticket. Mutants run against the blind tests; the host judges them like the clean run. Survivors are listed
with their changed lines, a person may recognise equivalent ones; of those that were noticed, one is kept whole.
"""

from __future__ import annotations

import ast

from pydantic import JsonValue

from dreamer_app.guardian.mutation.mutants import Mutant, mutants
from dreamer_app.guardian.mutation.noticed import KEPT, noticed
from dreamer_app.guardian.receipts import Finding, TimedGate, rejected
from dreamer_app.guardian.sieve import Change, sieve_of
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.jobs import Coverage, Variant

MIN_EXECUTED = 8
"""Fewer mutants say nothing about a suite."""
BUDGET_SECONDS = 6.0
"""Worker time for the mutants of one dream, from which their number follows when the suite is slow."""
MIN_CHOSEN = 16
"""Mutants that are run however slow the suite is."""


class MutationGate(TimedGate):
    """Rejects suites that let too many wrong solutions pass."""

    id = "G9"
    name = "coverage and mutation"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        coverage = (await trial.clean()).coverage
        if coverage is None:
            return rejected("branch coverage could not be measured")
        covered: dict[str, JsonValue] = {"statements": coverage.statements, "branches": coverage.branches}
        if not complete(coverage):
            missing: list[JsonValue] = [*coverage.missing_lines]
            arcs: list[JsonValue] = [list(arc) for arc in coverage.missing_branches]
            return rejected("not every branch is taken", missing_lines=missing, missing_branches=arcs, **covered)
        chosen = await chosen_mutants(trial)
        notices = await (await sieve_of(trial)).sift([_change(mutant, trial) for mutant in chosen])
        known = [mutant for mutant in chosen if not notices[_key(mutant)].starved]
        caught = [mutant for mutant in known if notices[_key(mutant)].failed]
        survivors = [mutant for mutant in known if not notices[_key(mutant)].failed]
        executed, killed = len(known), len(caught)
        evidence: dict[str, JsonValue] = {
            **covered,
            "executed": executed,
            "killed": killed,
            "score": round(killed / executed, 4) if executed else None,
            "unknown": len(chosen) - executed,
            "survivors": [{"operator": item.operator, "line": item.line, "diff": item.diff} for item in survivors],
        }
        if executed < MIN_EXECUTED:
            return rejected(f"{executed} mutants could be run, {MIN_EXECUTED} must be", **evidence)
        if killed / executed < trial.settings.mutation_score:
            return rejected(f"{len(survivors)} of {executed} mutants pass the tests", **evidence)
        return Finding(True, evidence | {KEPT: noticed(trial.solution_tree, caught)})


def complete(coverage: Coverage) -> bool:
    """Whether every line and every branch was taken, and there were any."""
    return coverage.statements > 0 and not coverage.missing_lines and not coverage.missing_branches


async def first_mutants(trial: Trial) -> list[Variant]:
    """The runs that this gate will certainly begin with, so that an earlier gate can have them run with its own."""
    coverage = (await trial.clean()).coverage
    if coverage is None or not complete(coverage):
        return []
    return (await sieve_of(trial)).first_turn([_change(mutant, trial) for mutant in await chosen_mutants(trial)])


async def chosen_mutants(trial: Trial) -> list[Mutant]:
    """The mutants of a trial's solution, chosen once."""
    affordable = int(BUDGET_SECONDS / max((await trial.clean()).cpu_seconds, 0.001))
    limit = min(trial.settings.mutants, max(MIN_CHOSEN, affordable))
    scenario = trial.scenario
    return await trial.remembered(
        "mutants",
        lambda: mutants(
            trial.solution_tree, limit=limit, seed=scenario.seed, app=scenario.kind == "app", tests=scenario.tests
        ),
    )


def _key(mutant: Mutant) -> str:
    return f"mutant:{mutant.id}"


def _change(mutant: Mutant, trial: Trial) -> Change:
    """A mutant inside of a method is most likely noticed by the tests that noticed the method doing nothing."""
    method = _function_at(trial.solution_tree, mutant.line)
    likely = trial.noticed.get(f"{method} does nothing", ())
    return Change(_key(mutant), mutant.source, likely=likely, tight=True)


def _function_at(tree: ast.Module, line: int) -> str | None:
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno <= line <= (node.end_lineno or 0):
            found = node.name
    return found
