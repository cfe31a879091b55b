"""A closed list of properties that functions have: relations between inputs and outputs that the host can check.

Properties are facts about values, not code: whatever a model wrote has no say in them. Some need further calls (with
the first argument turned round, with the result put in again); those calls follow from what was observed. A property
says None where it does not apply.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dreamer_app.sandbox.inputs import Arguments


@dataclass(frozen=True)
class Property:
    """One property.

    Attributes:
        name: In words, as a sentence about the function.
        holds: Over arguments, value, and the value of the further call (None without one).
        further: The further call's arguments; None where the property does not apply. Absent when no call is needed.
    """

    name: str
    holds: Callable[[Arguments, Any, Any], bool | None]
    further: Callable[[Arguments, Any], Arguments | None] | None = None


def _turned(arguments: Arguments, _value: Any) -> Arguments | None:
    first = arguments[0] if arguments else None
    if isinstance(first, list | tuple) and len(first) > 1 and first != first[::-1]:
        return (first[::-1], *arguments[1:])
    return None


def _turned_keys(arguments: Arguments, _value: Any) -> Arguments | None:
    first = arguments[0] if arguments else None
    if isinstance(first, dict) and len(first) > 1:
        return (dict(reversed(first.items())), *arguments[1:])
    return None


def _doubled(arguments: Arguments, _value: Any) -> Arguments | None:
    first = arguments[0] if arguments else None
    return (2 * first, *arguments[1:]) if isinstance(first, list | tuple) and first else None


def _again(arguments: Arguments, value: Any) -> Arguments | None:
    if arguments and type(value) is type(arguments[0]) and value != arguments[0]:
        return (value, *arguments[1:])
    return None


def _more(arguments: Arguments, _value: Any) -> Arguments | None:
    first = arguments[0] if arguments else None
    return (first[:-1], *arguments[1:]) if isinstance(first, list | tuple) and len(first) > 1 else None


def _same(_arguments: Arguments, value: Any, other: Any) -> bool:
    return bool(value == other)


def _no_smaller(_arguments: Arguments, value: Any, other: Any) -> bool | None:
    one, two = _size(value), _size(other)
    return None if one is None or two is None else two <= one


def _size(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return len(value) if isinstance(value, list | tuple | dict | set | frozenset | str) else None


def _length_of(place: int) -> Callable[[Arguments, Any, Any], bool | None]:
    def holds(arguments: Arguments, value: Any, _other: Any) -> bool | None:
        given = arguments[place] if place < len(arguments) else None
        if not _sized(given) or not _sized(value) or not given:
            return None
        return len(value) == len(given)

    return holds


def _no_longer(arguments: Arguments, value: Any, _other: Any) -> bool | None:
    given = arguments[0] if arguments else None
    return len(value) <= len(given) if _sized(given) and _sized(value) and given else None


def _sized(value: Any) -> bool:
    return isinstance(value, list | tuple | dict | set | frozenset | str)


def _ordered(values: Sequence[Any], *, falling: bool) -> bool | None:
    if len(values) < 2:
        return None
    try:
        return all((a >= b) if falling else (a <= b) for a, b in pairwise(values))
    except TypeError:
        return False


def _rising(_arguments: Arguments, value: Any, _other: Any) -> bool | None:
    return _ordered(list(value), falling=False) if isinstance(value, list | tuple | dict) else None


def _falling(_arguments: Arguments, value: Any, _other: Any) -> bool | None:
    return _ordered(list(value), falling=True) if isinstance(value, list | tuple) else None


def _rising_by(place: int, *, falling: bool) -> Callable[[Arguments, Any, Any], bool | None]:
    def holds(_arguments: Arguments, value: Any, _other: Any) -> bool | None:
        rows = list(value.items()) if isinstance(value, dict) else value
        if not isinstance(rows, list | tuple) or not rows or not all(_row(one, place) for one in rows):
            return None
        return _ordered([one[place] for one in rows], falling=falling)

    return holds


def _row(one: Any, place: int) -> bool:
    return isinstance(one, list | tuple) and len(one) > place


def _distinct(_arguments: Arguments, value: Any, _other: Any) -> bool | None:
    if not isinstance(value, list | tuple) or len(value) < 2:
        return None
    return len({repr(one) for one in value}) == len(value)


def _atoms(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _atoms(key)
            yield from _atoms(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _atoms(one)
    else:
        yield value


def _strings_given(arguments: Arguments, value: Any, _other: Any) -> bool | None:
    found = {one for one in _atoms(value) if isinstance(one, str)}
    given = {one for one in _atoms(arguments) if isinstance(one, str)}
    return found <= given if found and given else None


def _nothing_invented(arguments: Arguments, value: Any, _other: Any) -> bool | None:
    if not _sized(value) or isinstance(value, str) or not value:
        return None
    return not Counter(map(repr, _atoms(value))) - Counter(map(repr, _atoms(arguments)))


def _nothing_lost(arguments: Arguments, value: Any, _other: Any) -> bool | None:
    given = arguments[0] if arguments else None
    if not isinstance(given, list | tuple) or not given or not _sized(value) or isinstance(value, str):
        return None
    return not Counter(map(repr, _atoms(given))) - Counter(map(repr, _atoms(value)))


def _within(arguments: Arguments, value: Any, _other: Any) -> bool | None:
    numbers = [one for one in _atoms(arguments) if isinstance(one, int | float) and not isinstance(one, bool)]
    if not numbers or not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return min(numbers) <= value <= max(numbers)


def _counts_add_up(arguments: Arguments, value: Any, _other: Any) -> bool | None:
    given = arguments[0] if arguments else None
    if not isinstance(given, list | tuple) or not given:
        return None
    groups = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(groups, list | tuple) or not groups:
        return None
    if all(isinstance(one, list | tuple | set) for one in groups):
        return sum(len(one) for one in groups) == len(given)
    if all(isinstance(one, int) and not isinstance(one, bool) for one in groups):
        return sum(groups) == len(given)
    return None


PROPERTIES: tuple[Property, ...] = (
    Property("the order of the first argument does not matter", _same, _turned),
    Property("the order of the first argument's keys does not matter", _same, _turned_keys),
    Property("repeating the first argument changes nothing", _same, _doubled),
    Property("putting the result in again changes nothing", _same, _again),
    Property("fewer items never give a larger result", _no_smaller, _more),
    Property("the result is as long as the first argument", _length_of(0)),
    Property("the result is as long as the second argument", _length_of(1)),
    Property("the result is no longer than the first argument", _no_longer),
    Property("the result rises", _rising),
    Property("the result falls", _falling),
    Property("the rows rise by their first column", _rising_by(0, falling=False)),
    Property("the rows fall by their first column", _rising_by(0, falling=True)),
    Property("the rows rise by their second column", _rising_by(1, falling=False)),
    Property("the rows fall by their second column", _rising_by(1, falling=True)),
    Property("no item of the result is there twice", _distinct),
    Property("every string of the result was given", _strings_given),
    Property("nothing in the result was invented", _nothing_invented),
    Property("nothing of the first argument is lost", _nothing_lost),
    Property("the result lies between the smallest and the largest number given", _within),
    Property("the groups add up to the first argument", _counts_add_up),
)
