from __future__ import annotations

import random

import pytest

from dreamer_app.sandbox.canonical import Opaque
from dreamer_app.weaver.recorded_weaver.values import (
    dict_shapes,
    distinct,
    freeze,
    is_plain,
    item_shape,
    join,
    shape,
    vary_list,
    vary_text,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, 2], "list[int]"),
        ([(1, "a"), (2, "b")], "list[tuple[int, str]]"),
        ({"a": [1], "b": []}, "dict[str, list[int]]"),
        ([1, 2.5], "list[float]"),
        ([], "list[Any]"),
        ([(1, 2), (1, 2, 3)], "list[tuple[int, ...]]"),
        (Opaque("x.Y"), "?"),
        ([True], "list[bool]"),
    ],
)
def test_shape(value: object, text: str) -> None:
    assert shape(value) == text


def test_an_empty_container_gives_way_to_a_known_one() -> None:
    assert join(["list[Any]", "list[str]"]) == "list[str]"
    assert join(["list[str]", "dict[str, int]"]) == "Any"
    assert join(["None", "str"]) == "str | None"


def test_parts_of_shapes() -> None:
    assert item_shape("list[tuple[int, str]]") == "tuple[int, str]"
    assert dict_shapes("dict[str, list[int]]") == ("str", "list[int]")
    assert dict_shapes("list[int]") is None


def test_infinite_and_endless_values_are_not_plain() -> None:
    assert not is_plain(float("nan"))
    assert not is_plain(list(range(5000)))
    assert not is_plain("x" * 5000)
    assert is_plain({"a": [1, 2]})


def test_values_that_compare_equal_but_differ_in_type_stay_distinct() -> None:
    assert distinct([1, 1.0, True, 1]) == [1, 1.0, True]
    assert freeze([1]) != freeze((1,))


def test_variations_repeat_with_the_seed_and_hold_the_edge_cases() -> None:
    one = vary_list(["a", "b", "c"], ["d", "e"], random.Random(3))
    assert one == vary_list(["a", "b", "c"], ["d", "e"], random.Random(3))
    assert [] in one
    assert ["a"] in one
    assert ["a", "a"] in one
    assert any(len(value) > 3 for value in one)


def test_texts_vary_without_becoming_empty() -> None:
    assert "" not in vary_text("a b", random.Random(1))
