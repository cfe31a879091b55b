"""G11, independent agreement: solutions that were written from the task text alone do the same.

At least one must pass all tests, or the text does not say what the tests test. None that passes may differ from the
judged solution on a hundred further inputs, or the tests do not tell two readings of the text apart.
"""

from __future__ import annotations

import ast

from pydantic import JsonValue

from dreamer_app.guardian.behaviour import inputs_of, watch
from dreamer_app.guardian.normal_form import digest, normal_form
from dreamer_app.guardian.receipts import Evidence, Finding, TimedGate, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Variant

INPUTS = 100
SHOWN = 5


class AgreementGate(TimedGate):
    """Rejects what nobody else understands in the same way."""

    id = "G11"
    name = "independent agreement"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        council = trial.council
        if council is None:
            return rejected("there is nobody independent to ask")
        asked = await council.witnesses(trial.scenario)
        sources = {f"{place}:{one.coder}": one.solution for place, one in enumerate(asked)}
        variants = [Variant(id=f"witness/{name}", solution=source) for name, source in sources.items()]
        results = await trial.observe(variants) if variants else {}
        passing = {
            name: source for name, source in sources.items() if judge(trial.tests, results[f"witness/{name}"]).passed
        }
        fresh = [name for name in sources if not name.endswith(":reference")]
        fresh_passing = [name for name in passing if name in fresh]
        evidence: Evidence = {
            "model": council.name,
            "asked": len(fresh),
            "passing": len(fresh_passing),
            "distinct": len({_normal(sources[name]) for name in fresh_passing}),
            "reference_passes": any(name.endswith(":reference") for name in passing),
        }
        if not fresh_passing:
            return rejected(f"0 of {len(fresh)} independent solutions pass the tests: too hard, or wrong", **evidence)
        return await self._differences(trial, passing, evidence)

    async def _differences(self, trial: Trial, passing: dict[str, str], evidence: Evidence) -> Finding:
        if trial.scenario.kind != "function":
            return Finding(True, {**evidence, "inputs": 0})
        inputs = await inputs_of(trial, INPUTS)
        everybody = {"candidate": trial.candidate.solution, **passing}
        did = await watch(trial, everybody, inputs, "agreement") if inputs else {}
        own = did.get("candidate")
        if inputs and own is None:
            return rejected("the solution breaks down on inputs like those of its tests", **evidence)
        found: list[JsonValue] = []
        for name in passing if own is not None else ():
            other = did[name]
            if other is None:
                found.append({"who": name, "inputs": "broke down"})
                continue
            for arguments, one, two in zip(inputs, own or (), other, strict=True):
                if not one.agrees(two):
                    found.append({"who": name, "inputs": repr(arguments)[:300], "own": _told(one), "other": _told(two)})
        evidence = {**evidence, "inputs": len(inputs), "disagreements": len(found)}
        if found:
            reason = f"independent solutions that pass differ on {len(found)} further inputs"
            return rejected(reason, shown=found[:SHOWN], **evidence)
        return Finding(True, evidence)


def _told(did: object) -> str:
    return repr(did)[:200]


def _normal(source: str) -> str:
    return digest(normal_form(ast.parse(source)))
