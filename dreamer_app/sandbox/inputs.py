"""More inputs of the same shape as given ones, drawn by lot and repeatable.

New values stay close to the given ones: numbers between the smallest and the largest, strings out of the same pool,
records with the same keys. A function is thus asked about what its author had in mind, only in other combinations.
Nothing is executed here.

A library for property tests does the same with shrinking and a search for rare values, which is of no use here and took
0.5 s of processor time for a dream: a third of all that this program spent beside model and workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

Arguments = tuple[Any, ...]
_Draw = Callable[[Random], Any]
LONGER = 2
"""Containers may have so many items more than the longest given one."""
TRIES = 4
"""Draws for each wanted input; where the shape has few values, most draws are known already."""
MOST_CHANGES = 3
INWARDS = 0.7
"""How often it is an item of a container that comes to an edge, and not the container."""
JOINED = 0.4
"""How often a container that is changed itself is joined to another one."""


def more_inputs(given_inputs: Sequence[Arguments], count: int, seed_number: int) -> list[Arguments]:
    """Distinct new argument tuples, without the given ones; fewer where there are not so many.

    Args:
        given_inputs: At least one, all of the same length.
        count: How many are wanted.
        seed_number: The same number draws the same inputs.
    """
    columns = [_like(column) for column in zip(*given_inputs, strict=True)]
    rng = Random(seed_number)  # noqa: S311
    known = {repr(arguments) for arguments in given_inputs}
    found: dict[str, Arguments] = {}
    for _ in range(TRIES * count):
        arguments = tuple(draw(rng) for draw in columns)
        text = repr(arguments)
        if text not in known:
            found.setdefault(text, arguments)
        if len(found) >= count:
            break
    return list(found.values())


def edge_inputs(
    given_inputs: Sequence[Arguments], count: int, seed_number: int, atoms: Sequence[Any] = ()
) -> list[Arguments]:
    """Distinct given argument tuples with one to three changes each to what lies at an edge, without the given ones.

    Numbers become 0, a little more or less, or another known number; texts become empty, doubled, or are written
    otherwise; containers lose, double or turn around their items, or are joined to others. Kinds of values stay.

    Args:
        given_inputs: At least one.
        count: How many are wanted.
        seed_number: The same number draws the same inputs.
        atoms: Further numbers and texts that matter, such as the constants of a program.
    """
    rng = Random(seed_number)  # noqa: S311
    known = {repr(arguments) for arguments in given_inputs}
    all_atoms = [*atoms, *(atom for arguments in given_inputs for atom in _atoms(arguments))]
    pool: dict[type, list[Any]] = {list: [], dict: []}
    for kind, atom in dict.fromkeys((type(atom), atom) for atom in all_atoms):
        pool.setdefault(kind, []).append(atom)
    for value in (value for arguments in given_inputs for value in arguments if type(value) in (list, dict)):
        pool[type(value)].append(value)
    found: dict[str, Arguments] = {}
    for _ in range(TRIES * count):
        changed: Any = rng.choice(given_inputs)
        for _ in range(rng.randint(1, MOST_CHANGES)):
            changed = _edged(changed, rng, pool)
        text = repr(changed)
        if text not in known:
            found.setdefault(text, changed)
        if len(found) >= count:
            break
    return list(found.values())


def _atoms(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = [part for item in value.items() for part in item]
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _atoms(item)
    else:
        yield value


def _edged(value: Any, rng: Random, pool: dict[type, list[Any]]) -> Any:
    """One place of a value, the value itself or one inside of it, changed."""
    match value:
        case tuple() if value:
            place = rng.randrange(len(value))
            return (*value[:place], _edged(value[place], rng, pool), *value[place + 1 :])
        case list() if value and rng.random() < INWARDS:
            place = rng.randrange(len(value))
            return [*value[:place], _edged(value[place], rng, pool), *value[place + 1 :]]
        case dict() if value and rng.random() < INWARDS:
            key = rng.choice(list(value))
            return {**value, key: _edged(value[key], rng, pool)}
    if isinstance(value, list | dict) and rng.random() < JOINED and pool[type(value)]:
        other: Any = rng.choice(pool[type(value)])
        return {**value, **other} if isinstance(value, dict) else value + (other if _alike(value, other) else [])
    return rng.choice(_edges(value, rng) + (pool.get(type(value), []) if not isinstance(value, list | dict) else []))


def _alike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether the items of two lists are of the same kind."""
    return {type(item) for item in other} <= {type(item) for item in one}


def _edges(value: Any, rng: Random) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int():
            return [0, 1, -1, value + 1, value - 1, -value, value * 10]
        case float():
            return [0.0, -value, value + 0.5, value / 2, value * 10, float(round(value))]
        case str():
            written = [value.upper(), value.title(), value.swapcase(), value[::-1], f" {value}", f"{value} "]
            return [*written, "", value * 2, f"{value}-{value}", value[:1], value[1:], f"{value}\u00e9", f"{value}1"]
        case bytes():
            return [b"", value * 2, value[1:]]
        case list():
            place = rng.randrange(len(value)) if value else 0
            return [[], value * 2, value[::-1], value[:place] + value[place + 1 :], value + value[place : place + 1]]
        case dict():
            gone = rng.choice(list(value)) if value else None
            return [{}, {key: item for key, item in value.items() if key != gone}, dict(reversed(value.items()))]
        case set() | frozenset():
            return [type(value)(), type(value)(sorted(value, key=repr)[1:])]
    return [value]


def _like(values: Sequence[Any]) -> _Draw:
    """Values of the same shape as these."""
    kinds = sorted({type(value) for value in values}, key=lambda kind: kind.__name__)
    if len(kinds) > 1:
        return _one_of([_like([value for value in values if type(value) is kind]) for kind in kinds])
    [kind] = kinds
    if kind is int:
        low, high = min(values), max(values)
        return _one_of([lambda rng: rng.choice(values), lambda rng: rng.randint(low, high)])
    if kind is dict:
        return _dictionaries(values)
    if kind is tuple and len({len(value) for value in values}) == 1:
        places = [_like(column) for column in zip(*values, strict=True)]
        return lambda rng: tuple(place(rng) for place in places)
    if kind in (list, tuple, set, frozenset):
        return _containers(values, kind)
    pool = [False, True] if kind is bool else list(dict.fromkeys(values))
    return lambda rng: rng.choice(pool)


def _one_of(draws: Sequence[_Draw]) -> _Draw:
    return lambda rng: rng.choice(draws)(rng)


def _dictionaries(values: Sequence[dict[Any, Any]]) -> _Draw:
    names = {tuple(value) for value in values}
    if len(names) == 1 and len(values) > 1:
        fields = {name: _like([value[name] for value in values]) for name in names.pop()}
        return lambda rng: {name: draw(rng) for name, draw in fields.items()}
    items = [item for value in values for item in value.items()]
    if not items:
        return lambda _rng: {}
    key, one = _like([key for key, _ in items]), _like([one for _, one in items])
    size = _size(values)
    return lambda rng: {key(rng): one(rng) for _ in range(size(rng))}


def _containers(values: Sequence[Any], kind: type) -> _Draw:
    items = [item for value in values for item in value]
    if not items:
        return lambda _rng: kind()
    one, size = _like(items), _size(values)
    return lambda rng: kind([one(rng) for _ in range(size(rng))])


def _size(values: Sequence[Any]) -> Callable[[Random], int]:
    sizes = [len(value) for value in values]
    low, high = min(sizes), max(sizes) + LONGER
    return lambda rng: rng.randint(low, high)
