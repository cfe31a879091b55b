"""G6, stub battery: a solution that does nothing of use must not pass, not even halfway.

A suite that `return None` or the most frequent expected value satisfies proves nothing about a solution.
"""

from __future__ import annotations

import math

from pydantic import JsonValue

from dreamer_app.guardian.gates.library_needed import ablation_variants
from dreamer_app.guardian.receipts import Finding, TimedGate, rejected
from dreamer_app.guardian.stubs import Stub, stubs
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Variant


class StubBatteryGate(TimedGate):
    """Rejects suites that a stub passes, or that too few tests defend."""

    id = "G6"
    name = "stub battery"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        made = await trial.in_thread(lambda: stubs(trial.solution_tree, trial.scenario.entry_point, trial.tests))
        if not made:
            return rejected("there is nothing that could be stubbed")
        variants = {f"stub:{stub.name}": (stub, Variant(id=f"stub:{stub.name}", solution=stub.source)) for stub in made}
        ahead = await ablation_variants(trial)
        results = await trial.observe([*(variant for _, variant in variants.values()), *ahead])
        noticed: dict[str, JsonValue] = {}
        weak: list[str] = []
        total = len(trial.tests.test_names)
        for key, (stub, _) in variants.items():
            failed = len(judge(trial.tests, results[key]).failures)
            noticed[stub.name] = failed
            if failed < needed(stub, total):
                weak.append(f"`{stub.name}`: {failed} of {total} tests fail, {needed(stub, total)} must")
        if weak:
            return rejected(weak[0], tests=total, failed_tests=noticed, weak=[*weak])
        return Finding(True, {"tests": total, "failed_tests": noticed})


def needed(stub: Stub, total: int) -> int:
    """How many of the tests must notice a stub."""
    return max(1, math.ceil(stub.share * total))
