"""G9, coverage and mutation: every branch is taken, and a changed solution is noticed.

Coverage alone says almost nothing (suites with all lines covered let almost half of the mutants through), so it is only
the entry ticket. Mutants run against the blind tests; the host judges them like the clean run. Survivors are listed
with their changed lines, a person may recognise equivalent ones.
"""

from __future__ import annotations

from pydantic import JsonValue

from dreamer_app.guardian.gates.clean_run import CLEAN
from dreamer_app.guardian.mutation.mutants import Mutant, mutants
from dreamer_app.guardian.receipts import Finding, TimedGate, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Coverage, Variant, VariantResult

MIN_EXECUTED = 8
"""Fewer mutants say nothing about a suite."""
SLOW_SECONDS = 0.15
"""A suite slower than this meets its mutants one test at a time, until one fails."""
BUDGET_SECONDS = 6.0
"""Worker time for the mutants of one dream, from which their number follows when the suite is slow."""
MIN_CHOSEN = 20
"""Mutants that are run however slow the suite is."""
BUSY_SHARE = 0.5
"""A run that was stopped counts as an endless loop only if it computed for this share of its time."""


class MutationGate(TimedGate):
    """Rejects suites that let too many wrong solutions pass."""

    id = "G9"
    name = "coverage and mutation"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        coverage = (await trial.observe([CLEAN]))[CLEAN.id].coverage
        if coverage is None:
            return rejected("branch coverage could not be measured")
        covered: dict[str, JsonValue] = {"statements": coverage.statements, "branches": coverage.branches}
        if not complete(coverage):
            missing: list[JsonValue] = [*coverage.missing_lines]
            arcs: list[JsonValue] = [list(arc) for arc in coverage.missing_branches]
            return rejected("not every branch is taken", missing_lines=missing, missing_branches=arcs, **covered)
        chosen = await _chosen(trial)
        fates = await _fates(trial, chosen)
        killed = [mutant for mutant in chosen if fates[mutant.id] == "killed"]
        survivors = [mutant for mutant in chosen if fates[mutant.id] == "survived"]
        executed = len(killed) + len(survivors)
        evidence: dict[str, JsonValue] = {
            **covered,
            "executed": executed,
            "killed": len(killed),
            "score": round(len(killed) / executed, 4) if executed else None,
            "unknown": len(chosen) - executed,
            "survivors": [{"operator": item.operator, "line": item.line, "diff": item.diff} for item in survivors],
        }
        if executed < MIN_EXECUTED:
            return rejected(f"{executed} mutants could be run, {MIN_EXECUTED} must be", **evidence)
        if len(killed) / executed < trial.settings.mutation_score:
            return rejected(f"{len(survivors)} of {executed} mutants pass the tests", **evidence)
        return Finding(True, evidence)


def complete(coverage: Coverage) -> bool:
    """Whether every line and every branch was taken, and there were any."""
    return coverage.statements > 0 and not coverage.missing_lines and not coverage.missing_branches


async def first_mutants(trial: Trial) -> list[Variant]:
    """The runs that this gate will certainly ask for, so that an earlier gate can have them run with its own."""
    coverage = (await trial.observe([CLEAN]))[CLEAN.id].coverage
    if coverage is None or not complete(coverage):
        return []
    clean = await _clean(trial)
    return [_variant(mutant, trial, clean, 0) for mutant in await _chosen(trial)]


async def _clean(trial: Trial) -> VariantResult:
    return (await trial.observe([CLEAN]))[CLEAN.id]


async def _chosen(trial: Trial) -> list[Mutant]:
    clean = await _clean(trial)
    affordable = max(MIN_CHOSEN, int(BUDGET_SECONDS / max(clean.cpu_seconds, 0.001)))
    limit = min(trial.settings.mutants, affordable)
    scenario = trial.scenario
    return await trial.remembered(
        "mutants",
        lambda: mutants(
            trial.solution_tree, limit=limit, seed=scenario.seed, app=scenario.kind == "app", tests=scenario.tests
        ),
    )


async def _fates(trial: Trial, chosen: list[Mutant]) -> dict[str, str]:
    """`killed`, `survived` or `unknown` for each; slow suites go on with the survivors, test after test."""
    clean = await _clean(trial)
    fates: dict[str, str] = {}
    alive = list(chosen)
    for turn in range(len(_portions(trial, clean, 0))):
        runs = {mutant.id: _variant(mutant, trial, clean, turn) for mutant in alive}
        results = await trial.observe(list(runs.values()))
        for mutant in alive:
            fates[mutant.id] = _fate(trial, runs[mutant.id], results[runs[mutant.id].id])
        alive = [mutant for mutant in alive if fates[mutant.id] == "survived"]
        if not alive:
            break
    return fates


def _fate(trial: Trial, run: Variant, result: VariantResult) -> str:
    if result.status == "timeout" and result.cpu_seconds < BUSY_SHARE * (run.wall or 0):
        return "unknown"
    return "survived" if judge(trial.tests, result, run.test_names).passed else "killed"


def _portions(trial: Trial, clean: VariantResult, first: int) -> list[tuple[str, ...]]:
    """Which tests a mutant meets in which turn, beginning with another test for each mutant."""
    names = trial.tests.test_names
    if clean.seconds <= SLOW_SECONDS:
        return [names]
    start = first % len(names)
    turned = names[start:] + names[:start]
    return [turned[:1], turned[1:2], turned[2:]]


def _variant(mutant: Mutant, trial: Trial, clean: VariantResult, turn: int) -> Variant:
    names = _portions(trial, clean, mutant.line)[turn]
    wall = 1.0 + 5 * clean.seconds
    return Variant(id=f"mutant:{mutant.id}:{turn}", solution=mutant.source, test_names=names, wall=wall)
