"""More inputs of the same shape as given ones, drawn by hypothesis and repeatable.

New values stay close to the given ones: numbers between the smallest and the largest, strings out of the same pool,
records with the same keys. A function is thus asked about what its author had in mind, only in other combinations.
Nothing is executed here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

Arguments = tuple[Any, ...]
_ONE_AT_A_TIME = threading.Lock()
"""Hypothesis keeps registers of its own that two threads must not change at the same time."""
LONGER = 2
"""Containers may have so many items more than the longest given one."""


def more_inputs(given_inputs: Sequence[Arguments], count: int, seed_number: int) -> list[Arguments]:
    """Distinct new argument tuples, without the given ones; fewer where there are not so many.

    Args:
        given_inputs: At least one, all of the same length.
        count: How many are wanted.
        seed_number: The same number draws the same inputs.
    """
    columns = list(zip(*given_inputs, strict=True))
    if not columns:
        return []
    found: dict[str, Arguments] = {}
    known = {repr(arguments) for arguments in given_inputs}

    @seed(seed_number)
    @settings(
        max_examples=2 * count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*(_like(column) for column in columns)))
    def collect(arguments: Arguments) -> None:
        if repr(arguments) not in known:
            found.setdefault(repr(arguments), arguments)

    with _ONE_AT_A_TIME:
        collect()
    return list(found.values())[:count]


def _like(values: Sequence[Any]) -> st.SearchStrategy[Any]:
    """Values of the same shape as these."""
    kinds = {type(value) for value in values}
    if len(kinds) != 1:
        by_kind = [
            [value for value in values if type(value) is kind] for kind in sorted(kinds, key=lambda k: k.__name__)
        ]
        return st.one_of([_like(own) for own in by_kind])
    [kind] = kinds
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.sampled_from(values) | st.integers(min(values), max(values))
    if kind is dict:
        return _dictionaries(values)
    if kind is tuple and len({len(value) for value in values}) == 1:
        return st.tuples(*(_like(column) for column in zip(*values, strict=True)))
    if kind in (list, tuple, set, frozenset):
        return _containers(values, kind)
    return st.sampled_from(list(dict.fromkeys(values)))


def _dictionaries(values: Sequence[dict[Any, Any]]) -> st.SearchStrategy[Any]:
    keys = {tuple(value) for value in values}
    if len(keys) == 1 and len(values) > 1:
        [names] = keys
        return st.fixed_dictionaries({name: _like([value[name] for value in values]) for name in names})
    items = [item for value in values for item in value.items()]
    if not items:
        return st.just({})
    longest = max(len(value) for value in values)
    shortest = min(len(value) for value in values)
    return st.dictionaries(
        _like([key for key, _ in items]), _like([one for _, one in items]), min_size=shortest, max_size=longest + LONGER
    )


def _containers(values: Sequence[Any], kind: type) -> st.SearchStrategy[Any]:
    items = [item for value in values for item in value]
    if not items:
        return st.just(kind())
    shortest, longest = min(len(value) for value in values), max(len(value) for value in values) + LONGER
    one = _like(items)
    if kind in (set, frozenset):
        return st.sets(one, max_size=longest).map(kind)
    return st.lists(one, min_size=shortest, max_size=longest).map(kind)
