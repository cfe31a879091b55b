"""G10, properties: what holds on a hundred inputs, and fails for a wrong solution.

Properties come from a closed list; those that the solution has on all inputs count when a mutant violates them.
A function without any is no reason to reject it, but it keeps the dream from gold: there is then nothing but examples
to tell right from wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from dreamer_app.guardian.behaviour import Did, inputs_of, watch
from dreamer_app.guardian.gates.mutation_score import chosen_mutants
from dreamer_app.guardian.properties import PROPERTIES, Property
from dreamer_app.guardian.receipts import Finding, TimedGate, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.inputs import Arguments

INPUTS = 100
MIN_INPUTS = 20
"""A property that applies to fewer inputs than this is an accident."""
MUTANTS = 12
WILD = 0.5
"""Share of inputs on which a solution may raise: they are of the shape that its tests use."""


class PropertiesGate(TimedGate):
    """Finds properties; rejects solutions that fail on inputs like those of their tests."""

    id = "G10"
    name = "properties"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        if trial.scenario.kind != "function":
            return Finding(True, {"property": None, "reason": "an application is not called with arguments"})
        inputs = await inputs_of(trial, INPUTS)
        if not inputs:
            return Finding(True, {"property": None, "reason": "the tests call it with nothing that can be varied"})
        own = (await watch(trial, {"candidate": trial.candidate.solution}, inputs, "behaviour"))["candidate"]
        if own is None:
            return rejected("it breaks down on inputs like those of its tests", inputs=len(inputs))
        raised = sum(one.raised is not None for one in own)
        if raised > WILD * len(inputs):
            return rejected(f"it raises on {raised} of {len(inputs)} inputs like those of its tests", raised=raised)
        held = await self._held(trial, inputs, own)
        noticed = await self._noticed(trial, inputs, list(held)) if held else {}
        found: list[JsonValue] = [
            {"property": one.name, "inputs": count, "mutants": noticed.get(one.name, 0)} for one, count in held.items()
        ]
        telling = [one.name for one in held if noticed.get(one.name, 0)]
        return Finding(
            True,
            {"property": telling[0] if telling else None, "inputs": len(inputs), "raised": raised, "properties": found},
        )

    async def _held(self, trial: Trial, inputs: Sequence[Arguments], own: Sequence[Did]) -> dict[Property, int]:
        judged = await _judged(trial, "candidate", trial.candidate.solution, inputs=inputs, did=own, wanted=PROPERTIES)
        return {
            one: len(words)
            for one, words in judged.items()
            if len(words) >= min(MIN_INPUTS, len(inputs)) and all(words)
        }

    async def _noticed(self, trial: Trial, inputs: Sequence[Arguments], held: Sequence[Property]) -> dict[str, int]:
        """How many mutants violate each property."""
        mutants = {mutant.id: mutant.source for mutant in (await chosen_mutants(trial))[:MUTANTS]}
        did = await watch(trial, mutants, inputs, "behaviour")
        counts: dict[str, int] = {}
        for name, source in mutants.items():
            one = did[name]
            if one is None:
                continue
            judged = await _judged(trial, name, source, inputs=inputs, did=one, wanted=held)
            for held_one, words in judged.items():
                counts[held_one.name] = counts.get(held_one.name, 0) + (not all(words))
        return counts


async def _judged(
    trial: Trial,
    name: str,
    source: str,
    *,
    inputs: Sequence[Arguments],
    did: Sequence[Did],
    wanted: Sequence[Property],
) -> dict[Property, list[bool]]:
    """The word of each property on each input that it applies to; further calls are made in one run."""
    further: dict[str, Arguments] = {}
    for arguments, one in zip(inputs, did, strict=True):
        for prop in wanted:
            call = prop.further(arguments, one.value) if prop.further is not None and one.plain else None
            if call is not None and len(repr(call)) < 4000:
                further.setdefault(repr(call), call)
    others: Mapping[str, Did] = {}
    if further:
        about = f"further{len(wanted)}"
        answers = (await watch(trial, {name: source}, list(further.values()), about))[name]
        others = dict(zip(further, answers or (), strict=False))
    return {prop: _words(prop, inputs, did, others) for prop in wanted}


def _words(prop: Property, inputs: Sequence[Arguments], did: Sequence[Did], others: Mapping[str, Did]) -> list[bool]:
    words: list[bool] = []
    for arguments, one in zip(inputs, did, strict=True):
        if not one.plain:
            continue
        other: Did | None = None
        if prop.further is not None:
            call = prop.further(arguments, one.value)
            other = others.get(repr(call)) if call is not None else None
            if other is None or not other.plain:
                continue
        word = prop.holds(arguments, one.value, other.value if other is not None else None)
        if word is not None:
            words.append(word)
    return words
