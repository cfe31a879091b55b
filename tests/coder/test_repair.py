"""The test is mended when it is the test that is wrong, and only with proof."""

from __future__ import annotations

from dreamer_app.coder.bench import Tried
from dreamer_app.coder.repair import corrections, mended
from tests.builders import scenario

KEY = "test_two:0"
RIGHT = {"a": ["abcdefghij"], "b": ["b"]}
OTHER = {"A": ["abcdefghij"]}


def tried(value: object, *, passed: bool = False) -> Tried:
    return Tried("code", passed, () if passed else ("test_two",), "", {KEY: value, "test_empty:0": {}})


def test_all_independent_solutions_together_outweigh_one_recorded_value() -> None:
    changed, proof = mended(scenario(1), [tried(OTHER), tried(OTHER)])
    assert [(one.expression, one.voices) for one in proof] == [("group(['abcdefghij', 'b'])", 2)]
    assert "{'A': ['abcdefghij']}" in changed.tests and repr(RIGHT) not in changed.tests
    assert changed.id != scenario(1).id, "it asks for something else now"


def test_one_voice_is_no_proof() -> None:
    assert corrections(scenario(1), [tried(OTHER)]) == {}


def test_voices_that_differ_prove_nothing() -> None:
    assert corrections(scenario(1), [tried(OTHER), tried({"B": []})]) == {}
    assert corrections(scenario(1), [tried(OTHER), tried(OTHER), tried(RIGHT)]) == {}


def test_a_suite_of_which_most_is_wrong_is_given_up() -> None:
    wrong = Tried("code", False, (), "", {KEY: OTHER, "test_empty:0": []})
    assert mended(scenario(1), [wrong, wrong]) == (scenario(1), ())
