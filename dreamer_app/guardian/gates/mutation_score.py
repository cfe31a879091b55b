"""G9, coverage and mutation: every branch is taken, and a changed solution is noticed.

Coverage alone says almost nothing (suites with all lines covered let almost half of the mutants through), so it is only
the entry ticket. Mutants run against the blind tests; the host judges them like the clean run. Survivors are listed
with their changed lines. Those that hundreds of inputs do not tell apart from the solution are probably equivalent:
they are listed as such and do not count, up to a share, for a program may also do things that nobody needs. Of those
that were noticed, one is kept whole.
"""

from __future__ import annotations

import ast

from pydantic import JsonValue

from dreamer_app.guardian.equivalence import told_apart
from dreamer_app.guardian.mutation.mutants import Mutant, mutants
from dreamer_app.guardian.mutation.noticed import KEPT, noticed
from dreamer_app.guardian.receipts import Finding, TimedGate, rejected
from dreamer_app.guardian.sieve import Change, sieve_of
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.inputs import Arguments
from dreamer_app.sandbox.jobs import Coverage, Variant

MIN_EXECUTED = 8
"""Fewer mutants say nothing about a suite."""
BUDGET_SECONDS = 6.0
"""Worker time for the mutants of one dream, from which their number follows when the suite is slow."""
MIN_CHOSEN = 16
"""Mutants that are run however slow the suite is."""
LONGEST_CALL = 300
"""Characters of arguments that are worth reading."""
MOST_EQUIVALENT = 0.2
"""Share of the mutants that may be left out as equivalent; a program with more of them does what nobody needs."""


class MutationGate(TimedGate):
    """Rejects suites that let too many wrong solutions pass."""

    id = "G9"
    name = "coverage and mutation"
    version = "2"

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
        apart = await told_apart(trial, {_key(mutant): mutant.source for mutant in survivors})
        alike = [mutant for mutant in survivors if apart.get(_key(mutant), ()) is None]
        executed, killed = len(known), len(caught)
        counted = executed - min(len(alike), int(MOST_EQUIVALENT * executed))
        evidence: dict[str, JsonValue] = {
            **covered,
            "executed": executed,
            "killed": killed,
            "probably_equivalent": len(alike),
            "score": round(killed / counted, 4) if counted else None,
            "unknown": len(chosen) - executed,
            "survivors": [_survivor(mutant, apart.get(_key(mutant), ())) for mutant in survivors],
        }
        if counted < MIN_EXECUTED:
            return rejected(f"{counted} mutants could be run, {MIN_EXECUTED} must be", **evidence)
        if killed / counted < trial.settings.mutation_score:
            return rejected(f"{len(survivors) - len(alike)} of {counted} mutants pass the tests", **evidence)
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


def _survivor(mutant: Mutant, tells: Arguments | None) -> dict[str, JsonValue]:
    """A survivor as evidence: probably equivalent, or with arguments that a test could use where they are known."""
    found: dict[str, JsonValue] = {"operator": mutant.operator, "line": mutant.line, "diff": mutant.diff}
    if tells is None:
        found["equivalent"] = True
    elif tells and len(repr(tells)) <= LONGEST_CALL:
        found["noticed_with"] = ", ".join(map(repr, tells))
    return found


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
