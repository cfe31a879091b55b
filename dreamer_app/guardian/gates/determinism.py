"""G8, determinism: the same on another day, in another place, in another order.

Two fresh interpreters with other hash seeds than 0, with which the clean run passed in the worker; the tests
backwards, shuffled, alone, under another time zone, language, home and clock.
Everything must still show exactly what is expected. Prevention is the imports gate's work; this one is the proof.
"""

from __future__ import annotations

from pydantic import JsonValue

from dreamer_app.guardian.gates.mutation_score import first_mutants
from dreamer_app.guardian.receipts import Finding, TimedGate, listed, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Variant

ELSEWHERE = {
    "TZ": "Pacific/Chatham",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "HOME": "/nonexistent",
    "COLUMNS": "57",
    "USER": "somebody",
}
"""A zone with a quarter of an hour, a language with its own upper-case i, no home, a narrow terminal."""
CLOCK_OFFSET = 400 * 86_400.0 + 45_296.0
"""Seconds: another year, month, weekday and hour."""


class DeterminismGate(TimedGate):
    """Rejects what depends on anything but its arguments."""

    id = "G8"
    name = "determinism"
    version = "2"

    async def _apply(self, trial: Trial) -> Finding:
        names = trial.tests.test_names
        variants = surroundings(names)
        results = await trial.observe([*variants, *await first_mutants(trial)])
        differences: dict[str, JsonValue] = {}
        for variant in variants:
            verdict = judge(trial.tests, results[variant.id], variant.test_names or names)
            if not verdict.passed:
                differences[variant.id.removeprefix("where:")] = dict(verdict.failures)
        if differences:
            return rejected(f"it differs: {', '.join(differences)}", differences=differences)
        return Finding(True, {"runs": listed(variant.id.removeprefix("where:") for variant in variants)})


def surroundings(names: tuple[str, ...]) -> list[Variant]:
    """The same suite in other surroundings."""
    shuffled = names[1::2] + names[0::2]
    return [
        Variant(
            id="where:hash seed 1, another day, backwards",
            hash_seed=1,
            clock_offset=CLOCK_OFFSET,
            test_names=names[::-1],
        ),
        Variant(
            id="where:hash seed 2, another place, shuffled", hash_seed=2, environment=ELSEWHERE, test_names=shuffled
        ),
        *(Variant(id=f"where:{name} alone", test_names=(name,)) for name in names),
    ]
