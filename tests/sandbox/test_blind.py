"""The blind form: what leaves the host, what stays, and what the host makes of the answers."""

from __future__ import annotations

import ast
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.errors import WorkerLostError
from dreamer_app.sandbox.blind import BlindError, blind, judge, perturb, record
from dreamer_app.sandbox.jobs import TestRun, VariantResult
from dreamer_app.sandbox.literals import LiteralError, broken, literal

TESTS = """\
import pytest
from solution import solve


def test_plain():
    assert solve(1) == 4711  # kept comment
    assert solve(2) == [("a", 1)]


@pytest.mark.asyncio
async def test_awaited():
    assert await solve(3) == "secret"


def test_error():
    with pytest.raises(KeyError):
        solve(4)
    assert solve(5) is None
"""


def result(**tests: object) -> VariantResult:
    runs = {
        name: value if isinstance(value, TestRun) else TestRun(outcome="finished", values=value)
        for name, value in tests.items()
    }
    return VariantResult(id="v", status="finished", tests=runs, seconds=0, cpu_seconds=0)


GOOD = {
    "test_plain": {
        "test_plain:0": (["int", "4711"],),
        "test_plain:1": (["list", [["tuple", [["str", "a"], ["int", "1"]]]]],),
    },
    "test_awaited": {"test_awaited:0": (["str", "secret"],)},
    "test_error": {"test_error:0": (["raised", ["KeyError", "LookupError"]],), "test_error:1": (["none"],)},
}


def test_no_expected_value_leaves_the_host() -> None:
    halves = blind(TESTS)
    for secret in ("4711", "secret", "KeyError", "'a'"):
        assert secret not in halves.source
    assert "import pytest" not in halves.source
    assert halves.test_names == ("test_plain", "test_awaited", "test_error")
    assert "async def test_awaited" in halves.source


def test_honest_observations_pass() -> None:
    assert judge(blind(TESTS), result(**GOOD)).passed


@pytest.mark.parametrize(
    ("test", "values"),
    [
        ("test_plain", {"test_plain:0": (["int", "4711"],)}),
        ("test_plain", {**GOOD["test_plain"], "test_plain:0": (["int", "4711"], ["int", "1"])}),
        ("test_plain", {**GOOD["test_plain"], "test_plain:9": (["int", "1"],)}),
        ("test_awaited", {"test_awaited:0": (["opaque", "evil.AlwaysEqual"],)}),
        ("test_error", {**GOOD["test_error"], "test_error:0": (["raised", ["ValueError"]],)}),
        ("test_error", {**GOOD["test_error"], "test_error:0": (["none"],)}),
        ("test_error", TestRun(outcome="raised", error="boom")),
        ("test_error", TestRun(outcome="not_run")),
    ],
)
def test_anything_missing_extra_or_different_fails(test: str, values: object) -> None:
    judgement = judge(blind(TESTS), result(**{**GOOD, test: values}))
    assert not judgement.passed
    assert set(judgement.failures) == {test}


def test_unreported_and_unknown_tests_fail() -> None:
    without = {name: values for name, values in GOOD.items() if name != "test_plain"}
    assert set(judge(blind(TESTS), result(**without)).failures) == {"test_plain"}
    assert set(judge(blind(TESTS), result(**GOOD, test_forged={})).failures) == {"test_forged"}


def test_garbage_is_a_lost_worker_and_never_a_pass() -> None:
    with pytest.raises(WorkerLostError):
        judge(blind(TESTS), result(**{**GOOD, "test_awaited": {"test_awaited:0": ("secret",)}}))


@pytest.mark.parametrize(
    ("literal_text", "observed", "exact"),
    [
        ("3", ["int", "3"], True),
        ("3", ["float", "3.0"], False),
        ("1", ["bool", True], False),
        ("2.0", ["int", "2"], False),
        ("[(1, 'a')]", ["list", [["tuple", [["int", "1"], ["str", "a"]]]]], True),
        ("[(1, 'a')]", ["list", [["tuple", [["float", "1.0"], ["str", "a"]]]]], False),
        ("{1: {2}}", ["dict", [[["int", "1"], ["set", [["int", "2"]]]]]], True),
        ("{1: {2}}", ["dict", [[["bool", True], ["set", [["int", "2"]]]]]], False),
        ("{2}", ["frozenset", [["int", "2"]]], True),
    ],
)
def test_numbers_of_another_kind_are_equal_but_not_exact(literal_text: str, observed: object, exact: bool) -> None:
    halves = blind(f"def test_x():\n    assert f() == {literal_text}\n")
    seen = result(test_x={"test_x:0": (observed,)})
    assert judge(halves, seen).passed
    assert judge(halves, seen, exact=True).passed is exact


def test_a_crash_passes_nothing() -> None:
    crashed = VariantResult(id="v", status="crashed", tests={}, error="signal 9", seconds=0, cpu_seconds=0)
    assert set(judge(blind(TESTS), crashed).failures) == set(blind(TESTS).test_names)


def test_a_test_without_assertions_fails() -> None:
    assert not judge(blind("def test_x():\n    pass\n"), result(test_x={})).passed


@pytest.mark.parametrize(
    ("source", "observed", "passes"),
    [
        ("assert f() != 3", ["int", "4"], True),
        ("assert f() != 3", ["opaque", "x.Y"], False),
        ("assert f() < 3", ["int", "2"], True),
        ("assert f() >= 3", ["str", "a"], False),
        ("assert f() in (1, 2)", ["int", "2"], True),
        ("assert f() not in (1, 2)", ["int", "2"], False),
        ("assert f() == pytest.approx(0.3)", ["float", "0.30000000000000004"], True),
        ("assert f() == pytest.approx([1.0, 2.0], rel=0.1)", ["list", [["float", "1.05"], ["float", "2.3"]]], False),
        ("assert 5 == f()", ["int", "5"], True),
        ("assert f()", ["bool", True], True),
        ("assert f()", ["int", "1"], False),
        ("assert f() is True", ["int", "1"], False),
    ],
)
def test_other_comparisons(source: str, observed: object, passes: bool) -> None:
    halves = blind(f"import pytest\ndef test_x():\n    {source}\n")
    assert judge(halves, result(test_x={"test_x:0": (observed,)})).passed is passes


@pytest.mark.parametrize(
    "source",
    [
        "def test_x(:",
        "x = 1",
        "def test_x(tmp_path):\n    assert f() == 1",
        "def test_x():\n    yield\n    assert f() == 1",
        "def check():\n    assert f() == 1\n\n\ndef test_x():\n    check()",
        "def test_x():\n    with pytest.raises(ValueError, match='x'):\n        f()",
        "def test_x():\n    assert f() == 1\n\n\ndef test_x():\n    assert f() == 2",
        "@pytest.mark.skip\ndef test_x():\n    assert f() == 1",
        "@pytest.mark.asyncio\ndef test_x():\n    assert f() == 1",
    ],
)
def test_modules_that_cannot_be_judged_are_refused(source: str) -> None:
    with pytest.raises(BlindError):
        blind(source)


def test_recording_fills_in_what_was_seen_and_keeps_the_rest() -> None:
    tests = "def test_x():\n    # why\n    assert f(1) == RECORD\n    assert f(2) == RECORD\n    assert f(3) == 7\n"
    seen = {
        "test_x:0": (["str", "ä"],),
        "test_x:1": (["dict", [[["str", "k"], ["none"]]]],),
        "test_x:2": (["int", "7"],),
    }
    recorded = record(tests, result(test_x=seen))
    assert (
        recorded
        == "def test_x():\n    # why\n    assert f(1) == 'ä'\n    assert f(2) == {'k': None}\n    assert f(3) == 7\n"
    )
    assert judge(blind(recorded), result(test_x=seen)).passed


def test_a_placeholder_never_passes() -> None:
    assert not judge(
        blind("def test_x():\n    assert f() == RECORD\n"), result(test_x={"test_x:0": (["int", "1"],)})
    ).passed


@pytest.mark.parametrize("values", [(), (["int", "1"], ["int", "2"])])
def test_recording_refuses_what_is_not_one_value(values: tuple[object, ...]) -> None:
    with pytest.raises(BlindError):
        record("def test_x():\n    assert f() == RECORD\n", result(test_x={"test_x:0": values}))


def test_recording_refuses_opaque_values() -> None:
    seen = {"test_x:0": (["list", [["opaque", "a.B"]]],)}
    with pytest.raises(LiteralError):
        record("def test_x():\n    assert f() == RECORD\n", result(test_x=seen))


def test_perturbing_breaks_exactly_one_literal_of_every_test() -> None:
    changed = blind(perturb(TESTS))
    before = blind(TESTS)
    for name in before.test_names:
        old, new = before.of(name), changed.of(name)
        assert sum(old[key].literal != new[key].literal for key in old) == 1
    assert not judge(changed, result(**GOOD)).passed
    assert set(judge(changed, result(**GOOD)).failures) == set(before.test_names)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(plain)
def test_literals_survive_the_round_trip(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value
    source = f"def test_x():\n    assert f() == {literal(value)}\n"
    (expectation,) = blind(source).expectations.values()
    assert expectation.literal == value
    assert broken(value) != value
    ast.parse(perturb(source))


@given(st.text())
def test_garbage_never_crashes_the_transform(source: str) -> None:
    with contextlib.suppress(BlindError):
        blind(source)
