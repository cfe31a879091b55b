"""Mends the test when it is the test that is wrong, with proof.

A recorded value is what one solution did. When every independent solution that was written from the task text alone
does another thing, and all of them the same, then the text means that, and the recorded value does not follow from it.
One voice is no proof, and a suite of which half is wrong is not mended but given up.
"""

from __future__ import annotations

from collections.abc import Sequence

from dreamer_app.coder.bench import Tried
from dreamer_app.core.types import Frozen, Scenario
from dreamer_app.sandbox.blind import BlindError, blind, rewritten
from dreamer_app.sandbox.canonical import Opaque, Raised
from dreamer_app.sandbox.literals import LiteralError, literal
from dreamer_app.sandbox.looking import expressions

VOICES = 2
"""Independent solutions that must agree."""
MOST = 0.5
"""Largest share of assertions that may be mended."""


class Correction(Frozen):
    """One expected value that was wrong.

    Attributes:
        expression: What is looked at.
        recorded: The value that stood there, as source text.
        agreed: What all independent solutions gave instead.
        voices: How many they are.
    """

    expression: str
    recorded: str
    agreed: str
    voices: int


def corrections(scenario: Scenario, tried: Sequence[Tried]) -> dict[str, Correction]:
    """Expected values that the independent solutions prove wrong, by observation identifier.

    Args:
        scenario: With its tests.
        tried: Independent solutions, none of which has seen an expected value.
    """
    expected = blind(scenario.tests).expectations
    looked_at = expressions(scenario.tests)
    found: dict[str, Correction] = {}
    for key, expectation in expected.items():
        if expectation.kind != "compare" or expectation.operator != "==":
            continue
        voices = [one.values[key] for one in tried if key in one.values]
        plain = [value for value in voices if not isinstance(value, Opaque | Raised)]
        if len(plain) < max(VOICES, len(voices)) or any(value != plain[0] for value in plain):
            continue
        if plain[0] != expectation.literal:
            try:
                agreed = literal(plain[0])
            except LiteralError:
                continue
            found[key] = Correction(
                expression=looked_at.get(key, key),
                recorded=literal(expectation.literal),
                agreed=agreed,
                voices=len(plain),
            )
    return found if len(found) <= MOST * len(expected) else {}


def mended(scenario: Scenario, tried: Sequence[Tried]) -> tuple[Scenario, tuple[Correction, ...]]:
    """The scenario with its wrong tests mended; as it was where there is no proof."""
    found = corrections(scenario, tried)
    if not found or scenario.kind != "function":
        return scenario, ()
    try:
        tests = rewritten(scenario.tests, {key: tried_value(key, tried) for key in found})
    except (BlindError, LiteralError):
        return scenario, ()
    prompt = scenario.prompt
    for correction in found.values():
        shown = f">>> {correction.expression}\n{correction.recorded}"
        prompt = prompt.replace(shown, f">>> {correction.expression}\n{correction.agreed}")
    return scenario.model_copy(update={"tests": tests, "prompt": prompt}), tuple(found.values())


def tried_value(key: str, tried: Sequence[Tried]) -> object:
    """What the independent solutions gave in one place."""
    return next(one.values[key] for one in tried if key in one.values)
