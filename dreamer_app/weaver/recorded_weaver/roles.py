"""What an operation is good for, decided by what it does to inputs and never by its name.

A splitter gives back all its items in order in pieces, a counter gives back how often each item occurs, scores give
every node of a graph a number. Roles are what templates ask for.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.weaver.recorded_weaver.chance import seeded
from dreamer_app.weaver.recorded_weaver.ops import Op, Spelling, wrapped
from dreamer_app.weaver.recorded_weaver.rehearsal import Program, Stage
from dreamer_app.weaver.recorded_weaver.values import (
    distinct,
    freeze,
    is_plain,
    item_shape,
    join,
    shape,
    vary_list,
    vary_number,
    vary_text,
)

ENOUGH = 4
"""Pairs of input and output that a role must rest on."""

NUMBERS: list[Any] = [3, 1, 4, 1, 5, 9, 2, 6]
TEXTS: list[Any] = ["pear", "fig", "apple", "fig", "kiwi", "plum", "apple", "date"]


@dataclass(frozen=True)
class Studied:
    """An operation that is understood.

    Attributes:
        op: The operation.
        role: What it is good for.
        items: Item shapes that it was seen to work on (sequences), or the subject's shape.
        output: Shape of its results.
        pairs: Subjects and results that were seen.
    """

    op: Op
    role: str
    items: frozenset[str]
    output: str
    pairs: tuple[tuple[Any, Any], ...]


def setup_lines(spelling: Spelling, op: Op, subject: str, name: str = "graph") -> tuple[list[str], str]:
    """Lines that make the operation's subject out of plain values, and the name it then has."""
    if op.maker is None:
        return [], subject
    api, how = op.maker
    if how == "weighted":
        return [f"{name} = {spelling.name(api)}()", f"{name}.add_weighted_edges_from({subject})"], name
    return [f"{name} = {spelling.name(api)}({subject})"], name


def single(spelling: Spelling, op: Op) -> str:
    """A module whose `run(subject)` does just this operation."""
    lines, name = setup_lines(spelling, op, "subject", "made")
    imports = [spelling.statement(op.api)] if not op.method else []
    if op.maker is not None:
        imports.append(spelling.statement(op.maker[0]))
    body = [*lines, f"return {wrapped(op, spelling.call(op, name))}"]
    return "\n".join([*dict.fromkeys(imports), "def run(subject):", *(f"    {line}" for line in body), ""])


async def study(stage: Stage, spelling: Spelling, ops: Sequence[Op], graphs: Sequence[Any], seed: int) -> list[Studied]:
    """Run every operation on a range of subjects and name its role.

    Args:
        stage: Where to run.
        spelling: How to write it.
        ops: What to study.
        graphs: Documented edge lists, used as subjects of graph operations.
        seed: Of the variations.

    Raises:
        InfrastructureError: No worker could be had.
    """
    subjects = {number: _subjects(op, graphs, seeded(seed, op.form.key)) for number, op in enumerate(ops)}
    programs = [
        Program(str(number), single(spelling, op), "run", tuple((subject,) for subject in subjects[number]))
        for number, op in enumerate(ops)
    ]
    ran = await stage.rehearse(programs)
    studied: list[Studied] = []
    for number, op in enumerate(ops):
        found = ran.get(str(number))
        if found is None or found.deprecated:
            continue
        pairs = [
            (subject, outcome.value)
            for subject, outcome in zip(subjects[number], found.outcomes, strict=False)
            if outcome.ok and is_plain(outcome.value)
        ]
        role = _role(op, pairs)
        if role:
            items = frozenset(_item(subject) for subject, _ in pairs if subject) - {"", "Any"}
            studied.append(Studied(op, role, items, join(shape(value) for _, value in pairs), tuple(pairs)))
    return studied


def _item(subject: Any) -> str:
    return item_shape(shape(subject)) or shape(subject)


def _subjects(op: Op, graphs: Sequence[Any], rng: random.Random) -> list[Any]:
    if op.kind == "object":
        if op.maker is not None and op.maker[1] == "edges":
            named = [[tuple(f"n{node}" for node in edge) for edge in graph] for graph in graphs[:3]]
            return distinct([op.documented, *graphs])[:7] + (named if not op.options else [])
        if op.maker is not None and op.maker[1] == "weighted":
            return [op.documented, op.documented[:-1], list(reversed(op.documented)), op.documented[1:]]
        if isinstance(op.documented, list):
            return vary_list(op.documented, op.documented, rng)
        return [op.documented]
    if op.kind == "sequence":
        own = [list(op.documented), *vary_list(list(op.documented), list(op.documented), rng, 8)]
        generic = [NUMBERS, NUMBERS[:5], sorted(NUMBERS), NUMBERS[:1], TEXTS, TEXTS[:4], sorted(TEXTS), TEXTS[:1]]
        return (
            distinct([*own[:9], *generic])
            if item_shape(shape(op.documented)) in ("int", "str", "Any", "float")
            else own
        )
    if op.kind == "atom":
        return [op.documented, *_atoms(op.documented, rng)]
    return [op.documented]


def _atoms(value: Any, rng: random.Random) -> list[Any]:
    if isinstance(value, str):
        return [*vary_text(value, rng), "Second entry", "second ENTRY", "3rd entry, at last!"]
    return vary_number(value, rng)


def _role(op: Op, pairs: Sequence[tuple[Any, Any]]) -> str:
    if len(pairs) < ENOUGH or any("?" in shape(value) for _, value in pairs):
        return "known" if op.kind in ("mapping", "object") and pairs else ""
    if len({repr(freeze(value)) for _, value in pairs}) < 3:
        return ""
    match op.kind:
        case "sequence":
            return _sequence_role(op, [(list(one), other) for one, other in pairs])
        case "object":
            return _object_role(op, pairs)
        case "atom":
            return _atom_role(pairs)
    return "known"


def _sequence_role(op: Op, pairs: list[tuple[list[Any], Any]]) -> str:
    long = [(one, other) for one, other in pairs if len(one) >= 3]
    if len(long) < 3 or any(not _hashable(one) for one, _ in long):
        return "other"
    if all(isinstance(other, dict) for _, other in long):
        if all(_counts(one, other) for one, other in long):
            return "counter" if op.slot is None else "count_by"
        if all(_groups(one, other) for one, other in long):
            return "grouper"
        return "other"
    if all(isinstance(other, list | tuple) for _, other in long):
        return _list_role([(one, list(other)) for one, other in long])
    if all(isinstance(other, bool) for _, other in long):
        return "flag"
    if all(isinstance(other, int | float) for _, other in long):
        numbers = [(one, other) for one, other in long if all(isinstance(x, int | float) for x in one)]
        if numbers and all(other in one for one, other in numbers):
            return "pick"
        return "aggregate"
    if all(_atom(other) and other in one for one, other in long):
        return "pick"
    return "other"


def _list_role(pairs: list[tuple[list[Any], list[Any]]]) -> str:
    if all(other == one for one, other in pairs):
        return ""
    if all(isinstance(piece, list | tuple) for _, other in pairs for piece in other):
        return _nested_role(pairs)
    if not all(_hashable(other) for _, other in pairs):
        return "other"
    if all(other == list(dict.fromkeys(one)) for one, other in pairs):
        return "unique"
    counted = [(Counter(one), Counter(other)) for one, other in pairs]
    if all(one == other for one, other in counted):
        return "reorder"
    if all(not other - one for one, other in counted):
        return _selection(pairs)
    return "running" if all(len(one) == len(other) for one, other in pairs) else "other"


def _nested_role(pairs: list[tuple[list[Any], list[Any]]]) -> str:
    flat = [(one, [x for piece in other for x in piece]) for one, other in pairs]
    if all(one == items for one, items in flat):
        return "splitter"
    if all(_windows(one, other) for one, other in pairs):
        return "window"
    if all(_hashable(items) and Counter(items) == Counter(one) for one, items in flat):
        return "dealer"
    return "combos" if all(_hashable(items) and set(items) <= set(one) for one, items in flat) else "other"


def _selection(pairs: list[tuple[list[Any], list[Any]]]) -> str:
    """Which items a selection keeps: `head`, `tail`, `rest`, `nth`, `top`, `extremes`, `repeats`, or just some."""
    tests: dict[str, Callable[[list[Any], list[Any]], bool]] = {
        "head": lambda one, other: other == one[: len(other)],
        "rest": lambda one, other: other == one[len(one) - len(other) :] and len(one) - len(other) in (1, 2, 3),
        "tail": lambda one, other: other == one[len(one) - len(other) :],
        "extremes": lambda one, other: other == [min(one), max(one)],
        "top": lambda one, other: other == sorted(one, reverse=True)[: len(other)],
        "nth": lambda one, other: any(other == one[::step] for step in (2, 3, 4)),
        "repeats": lambda one, other: all(Counter(one)[item] > 1 for item in other),
    }
    for role, test in tests.items():
        if all(test(one, other) for one, other in pairs):
            constant = len({len(one) - len(other) for one, other in pairs}) == 1
            if role not in ("rest",) or constant:
                return role
    return "selector"


def _object_role(op: Op, pairs: Sequence[tuple[Any, Any]]) -> str:
    if op.maker is None or op.maker[1] == "plain":
        return "query"
    nodes = [({node for edge in one for node in edge[:2]}, other) for one, other in pairs]
    values = [other for _, other in nodes]
    if all(isinstance(value, dict) for value in values):
        scored = all(set(value) <= own and all(_number(x) for x in value.values()) for own, value in nodes)
        return "scores" if scored and any(values) else "lookup"
    if all(isinstance(value, list | tuple) for value in values):
        inside = [item for value in values for item in value]
        if inside and all(_atom(item) for item in inside):
            return "members" if all(set(value) <= own for own, value in nodes) else "other"
        if inside and all(isinstance(item, tuple) and len(item) == 2 and all(map(_atom, item)) for item in inside):
            return "pairs"
        if inside and all(
            isinstance(item, list | set | frozenset | tuple) and all(map(_atom, item)) for item in inside
        ):
            return "parts" if all({x for item in value for x in item} <= own for own, value in nodes) else "other"
        return "other"
    if all(isinstance(value, bool) for value in values):
        return "flag"
    return "number" if all(_number(value) for value in values) else "other"


def _atom_role(pairs: Sequence[tuple[Any, Any]]) -> str:
    kinds = {shape(other) for _, other in pairs}
    source = shape(pairs[0][0])
    if all(one == other for one, other in pairs):
        return ""
    if kinds == {"bool"}:
        return "test"
    if kinds == {"str"}:
        return "relabel" if source == "str" else "label"
    if kinds <= {"int", "float"}:
        return "measure"
    if all(item_shape(kind) == "str" or kind == "list[Any]" for kind in kinds):
        return "extract"
    return "other"


def _counts(one: list[Any], other: dict[Any, Any]) -> bool:
    return all(isinstance(n, int) and not isinstance(n, bool) for n in other.values()) and sum(other.values()) == len(
        one
    )


def _groups(one: list[Any], other: dict[Any, Any]) -> bool:
    if not all(isinstance(group, list) for group in other.values()):
        return False
    items = [item for group in other.values() for item in group]
    return _hashable(items) and Counter(items) == Counter(one)


def _windows(one: list[Any], other: list[Any]) -> bool:
    width = len(other[0]) if other else 0
    if width < 2 or len(other) < 2 or any(len(piece) != width for piece in other):
        return False
    slices = [tuple(one[i : i + width]) for i in range(len(one))]
    return all(tuple(piece) in slices for piece in other)


def _hashable(items: list[Any]) -> bool:
    try:
        return len(set(items)) >= 0
    except TypeError:
        return False


def _atom(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
