import json
import math
from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.sandbox import canonical as host
from dreamer_app.sandbox.runner import canonical as guest

_ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=("Cs",)))
)
_KEYS = st.recursive(_ATOMS, lambda keys: st.tuples(keys) | st.frozensets(keys, max_size=3), max_leaves=5)
_VALUES = st.recursive(
    _KEYS,
    lambda values: (
        st.lists(values, max_size=4)
        | st.tuples(values, values)
        | st.dictionaries(_KEYS, values, max_size=4)
        | st.sets(_KEYS, max_size=4)
    ),
    max_leaves=20,
)


def travel(value: object) -> Any:
    return host.decode(json.loads(json.dumps(guest.encode(value))))


@given(_VALUES)
def test_plain_values_travel_unchanged(value: Any) -> None:
    arrived = travel(value)
    assert arrived == value
    assert type(arrived) is type(value)


def test_not_a_number_and_infinities_travel() -> None:
    assert math.isnan(travel(float("nan")))
    assert travel([math.inf, -math.inf]) == [math.inf, -math.inf]
    assert math.copysign(1, travel(-0.0)) == -1


class LyingText(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "lie"

    def __iter__(self) -> Any:
        return iter("lie")

    def encode(self, *_: Any, **__: Any) -> bytes:
        return b"lie"


class LyingDict(dict[Any, Any]):
    def items(self) -> Any:
        return [("lie", 1)]

    def __iter__(self) -> Any:
        return iter(["lie"])

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class LyingList(list[Any]):
    def __iter__(self) -> Any:
        return iter(["lie"])

    def __len__(self) -> int:
        return 1


class LyingInt(int):
    def __repr__(self) -> str:
        return "42"

    def bit_length(self) -> int:
        return 0


class Disguised:
    @property
    def __class__(self) -> Any:
        return int


class Raising:
    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    LOW = 1


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (LyingText("truth"), "truth"),
        (LyingDict(a=1), {"a": 1}),
        (LyingList([1, 2]), [1, 2]),
        (LyingInt(7), 7),
        (Level.LOW, 1),
        (Point(1, 2), (1, 2)),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (defaultdict(list, {"a": [1]}), {"a": [1]}),
        (bytearray(b"x"), b"x"),
    ],
)
def test_subclasses_are_read_through_what_they_extend(value: object, expected: object) -> None:
    arrived = travel(value)
    assert (arrived, type(arrived)) == (expected, type(expected))


@pytest.mark.parametrize(
    "make",
    [
        Disguised,
        Raising,
        lambda: Colour.RED,
        object,
        lambda: len,
        lambda: range(3),
        lambda: "\ud800",
        lambda: 10**5000,
        lambda: "x" * 10**6,
        lambda: [0] * 10**5,
    ],
)
def test_what_has_no_literal_is_opaque(make: Callable[[], object]) -> None:
    assert type(travel(make())) is host.Opaque


def test_recursion_and_depth_end() -> None:
    endless: list[Any] = [1]
    endless.append(endless)
    assert travel(endless) == [1, host.Opaque("recursion")]
    deep: Any = "bottom"
    for _ in range(5000):
        deep = [deep]
    assert "too deep" in str(travel(deep))
    mixed: Any = 0
    for _ in range(2000):
        mixed = {"a": (mixed,)}
    assert "too deep" in str(travel(mixed))


def test_the_deepest_values_survive_the_protocol() -> None:
    from dreamer_app.sandbox.jobs import TestRun

    deep: Any = 0
    for _ in range(200):
        deep = {"a": deep}
    form = json.loads(json.dumps(guest.encode(deep)))
    assert host.decode(TestRun(outcome="finished", values={"a": (form,)}).values["a"][0]) == travel(deep)


def test_the_same_object_twice_is_no_recursion() -> None:
    shared = [1]
    assert travel([shared, shared]) == [[1], [1]]


class HashableList(list[Any]):
    def __hash__(self) -> int:  # type: ignore[override]
        return 1


def test_unhashable_forms_in_sets_and_keys_do_not_break_the_host() -> None:
    name = f"{__name__}.HashableList"
    assert travel({HashableList([1])}) == {host.Opaque(name)}
    assert travel({(HashableList([1]),): 2}) == {host.Opaque("builtins.tuple"): 2}


def test_sets_have_one_order() -> None:
    assert guest.encode({3, 1, 2}) == guest.encode({2, 3, 1})


def test_exceptions_are_reported_by_their_classes() -> None:
    class OwnError(KeyError):
        pass

    raised = host.decode(guest.raised(OwnError("x")))
    assert raised == host.Raised(("OwnError", "KeyError", "LookupError", "Exception", "BaseException"))
