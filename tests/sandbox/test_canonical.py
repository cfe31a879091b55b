"""Canonical values, host side: garbage is a lost worker, never a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.errors import WorkerLostError
from dreamer_app.sandbox.canonical import MAX_DEPTH, Opaque, Raised, decode


@pytest.mark.parametrize(
    ("canonical", "value"),
    [
        (["none"], None),
        (["bool", True], True),
        (["int", "-12"], -12),
        (["float", "0.5"], 0.5),
        (["complex", ["1.0", "2.0"]], 1 + 2j),
        (["str", "x"], "x"),
        (["bytes", "00ff"], b"\x00\xff"),
        (["tuple", [["int", "1"], ["list", []]]], (1, [])),
        (["frozenset", [["int", "1"]]], frozenset({1})),
        (["dict", [[["str", "a"], ["none"]]]], {"a": None}),
        (["opaque", "a.B"], Opaque("a.B")),
        (["raised", ["KeyError", "LookupError"]], Raised(("KeyError", "LookupError"))),
    ],
)
def test_every_form(canonical: object, value: object) -> None:
    assert decode(canonical) == value  # type: ignore[arg-type]  # JSON by construction


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        1,
        "int",
        [],
        [1],
        ["int"],
        ["int", "x"],
        ["bool", 1],
        ["str", 1],
        ["set", [["list", []]]],
        ["dict", [1]],
        ["dict", [[["list", []], ["none"]]]],
        ["unknown", 1],
    ],
)
def test_garbage(garbage: object) -> None:
    with pytest.raises(WorkerLostError):
        decode(garbage)  # type: ignore[arg-type]  # garbage by design


def test_depth_is_bounded() -> None:
    nested: object = ["none"]
    for _ in range(MAX_DEPTH + 1):
        nested = ["list", [nested]]
    with pytest.raises(WorkerLostError):
        decode(nested)  # type: ignore[arg-type]  # JSON by construction


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.lists(st.sampled_from(["int", "str", "dict", "set", "raised", "opaque", "complex"]) | json, max_size=3))
def test_arbitrary_json_decodes_or_is_refused(value: list[object]) -> None:
    try:
        decode(value)  # type: ignore[arg-type]  # anything a worker could send
    except WorkerLostError as error:
        assert "not a canonical value" in error.message
