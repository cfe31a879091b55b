"""G12, independent tests: checks that were worked out from the task text alone agree with the solution.

Models are wrong about half of what they predict, so single contradictions are listed for a person, and a suite that
disagrees as a whole is asked for once more before it rejects. No usable suite says nothing about the solution; it keeps
the dream from gold.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from dreamer_app.guardian.behaviour import Did, watch
from dreamer_app.guardian.receipts import Evidence, Finding, TimedGate, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.guardian.witnesses import Claim
from dreamer_app.sandbox.inputs import Arguments

AGREE = 0.8
MIN_CHECKS = 3
TRIES = 2
"""How often a suite is asked for when it cannot be used, or contradicts."""


class SecondSuiteGate(TimedGate):
    """Rejects solutions that contradict what a reader of the text expects."""

    id = "G12"
    name = "independent tests"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        council = trial.council
        if council is None:
            return rejected("there is nobody independent to ask")
        if trial.scenario.kind != "function":
            return Finding(True, {"reason": "an application is not called with arguments", "checks": 0})
        unusable: Evidence = {"reason": "no usable suite was written", "agree": None, "model": council.name}
        found = Finding(True, unusable)
        for number in range(TRIES):
            suite = await council.suite(trial.scenario, number)
            usable = [
                (check, arguments)
                for check in (suite.checks if suite is not None else ())
                if (arguments := _arguments(check, trial.scenario.entry_point)) is not None
            ]
            if len(usable) >= MIN_CHECKS:
                found = await self._compared(trial, usable, number, council.name)
                if found.passed:
                    break
        return found

    async def _compared(
        self, trial: Trial, usable: Sequence[tuple[Claim, Arguments]], number: int, model: str
    ) -> Finding:
        inputs = [arguments for _, arguments in usable]
        did = (await watch(trial, {"candidate": trial.candidate.solution}, inputs, f"second{number}"))["candidate"]
        if did is None:
            return rejected("the solution breaks down on the checks", model=model)
        wrong: list[JsonValue] = [
            {"call": check.call, "expected": check.returns or f"raises {check.raises}", "observed": _told(one)}
            for (check, _), one in zip(usable, did, strict=True)
            if not _agrees(check, one)
        ]
        share = 1 - len(wrong) / len(usable)
        evidence: Evidence = {
            "model": model,
            "checks": len(usable),
            "agree": round(share, 3),
            "suites": number + 1,
            "contradictions": wrong,
        }
        if share < AGREE:
            return rejected(f"{len(wrong)} of {len(usable)} independent checks contradict the solution", **evidence)
        return Finding(True, evidence)


def _arguments(check: Claim, entry_point: str) -> Arguments | None:
    """The arguments of a check's call; None when it cannot be used."""
    try:
        call = ast.parse(check.call.strip(), mode="eval").body
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != entry_point or call.keywords:
            return None
        arguments: Any = ast.literal_eval(ast.Tuple(call.args, ast.Load()))
        if check.raises is None:
            ast.literal_eval((check.returns or "").strip())
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None
    return tuple(arguments)


def _agrees(check: Claim, did: Did) -> bool:
    if check.raises is not None:
        return did.raised is not None
    return did.plain and bool(did.value == ast.literal_eval((check.returns or "").strip()))


def _told(did: Did) -> str:
    return f"raised {did.raised}" if did.raised else repr(did.value)[:200]
