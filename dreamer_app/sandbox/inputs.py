"""More inputs of the same shape as given ones, drawn by lot and repeatable.

New values stay close to the given ones: numbers between the smallest and the largest, strings out of the same pool,
records with the same keys. A function is thus asked about what its author had in mind, only in other combinations.
Nothing is executed here.

A library for property tests does the same with shrinking and a search for rare values, which is of no use here and took
0.5 s of processor time for a dream: a third of all that this program spent beside model and workers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Arguments = tuple[Any, ...]
_Draw = Callable[[Random], Any]
LONGER = 2
"""Containers may have so many items more than the longest given one."""
TRIES = 4
"""Draws for each wanted input; where the shape has few values, most draws are known already."""


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
