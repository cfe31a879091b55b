"""G6, stub battery: a solution that does nothing of use must not pass, not even halfway.

A suite that `return None` or the most frequent expected value satisfies proves nothing about a solution.
"""

from __future__ import annotations

import math

from pydantic import JsonValue

from dreamer_app.guardian.gates.library_needed import ablation_changes
from dreamer_app.guardian.receipts import Evidence, Finding, TimedGate, listed, rejected
from dreamer_app.guardian.sieve import Change, sieve_of
from dreamer_app.guardian.stubs import Stub, stubs
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Variant


class StubBatteryGate(TimedGate):
    """Rejects suites that a stub passes, or that too few tests defend; and faults that nobody or everybody notices."""

    id = "G6"
    name = "stub battery"
    version = "2"

    async def _apply(self, trial: Trial) -> Finding:
        total = len(trial.tests.test_names)
        made = await trial.in_thread(lambda: stubs(trial.solution_tree, trial.scenario.entry_point, trial.tests))
        if not made:
            return rejected("there is nothing that could be stubbed")
        changes = {stub.name: Change(f"stub:{stub.name}", stub.source, need=needed(stub, total)) for stub in made}
        sieve = await sieve_of(trial)
        notices = await sieve.sift([*changes.values(), *await ablation_changes(trial)])
        noticed: dict[str, JsonValue] = {}
        weak: list[str] = []
        for stub in made:
            change = changes[stub.name]
            failed = notices[change.id].failed
            noticed[stub.name] = len(failed)
            trial.noticed[stub.name] = tuple(failed)
            if len(failed) < change.need:
                weak.append(f"`{stub.name}`: {len(failed)} of {total} tests fail, {change.need} must")
        evidence: Evidence = {"tests": total, "failed_tests": noticed, "stopped_when_enough": sieve.slow}
        if trial.scenario.broken is not None:
            evidence = {**evidence, **(broken := await _broken(trial, trial.scenario.broken))}
            if not 0 < len(broken["broken_fails"]) < total:
                return rejected("the program to be mended must fail some tests and pass others", **evidence)
        if weak:
            return rejected(weak[0], weak=listed(weak), **evidence)
        return Finding(True, evidence)


async def _broken(trial: Trial, source: str) -> dict[str, list[JsonValue]]:
    """What the tests say of the program that a debug dream asks to mend."""
    variant = Variant(id="broken", solution=source)
    failures = judge(trial.tests, (await trial.observe([variant]))[variant.id]).failures
    return {"broken_fails": listed(name for name in trial.tests.test_names if name in failures)}


def needed(stub: Stub, total: int) -> int:
    """How many of the tests must notice a stub."""
    return max(1, math.ceil(stub.share * total))
