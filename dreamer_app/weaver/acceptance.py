"""Writes acceptance tests, and the examples that a task text shows, from cases whose values were recorded.

At least as many cases stay hidden as are shown, and every test would notice a function that always returns the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dreamer_app.sandbox.literals import literal
from dreamer_app.weaver.recorded_weaver.values import freeze

WIDTH = 100
MIN_TESTS = 4
SHOWN = 2
SHOWN_CHARACTERS = 600

Case = tuple[tuple[Any, ...], Any]
"""Arguments and the value that was recorded for them."""
Failing = tuple[tuple[Any, ...], str]
"""Arguments and the exception that they raise, by its importable name."""


def acceptance_tests(
    name: str, cases: Sequence[Case], errors: Sequence[Failing] = (), *, first: str = "typical_input"
) -> str:
    """Source of `test_solution.py`, cases grouped by meaning.

    Args:
        name: Of the function.
        cases: What it returns.
        errors: What it raises.
        first: What the test of the first case is called.

    Raises:
        LiteralError: A value cannot be written down.
    """
    lines = [f'"""Tests of {name}."""', ""]
    if errors:
        lines += ["import pytest"]
        modules = {error.rpartition(".")[::2] for _, error in errors if "." in error}
        lines += [*(f"from {module} import {class_name}" for module, class_name in sorted(modules)), ""]
    lines += [f"from solution import {name}", ""]
    for group, own in _groups(cases, first):
        lines += ["", f"def test_{group}():"]
        lines += [_assertion(name, arguments, value) for arguments, value in own]
        lines.append("")
    if errors:
        lines += ["", "def test_documented_error():"]
        for arguments, error in errors:
            call = f"{name}({', '.join(literal(argument) for argument in arguments)})"
            lines += [f"    with pytest.raises({error.rpartition('.')[2]}):", f"        {call}"]
        lines.append("")
    return "\n".join(lines)


def shown_examples(name: str, cases: Sequence[Case]) -> list[str]:
    """Up to two cases as a reader sees them, the first one and another that is short."""
    lines: list[str] = []
    for arguments, value in cases[: len(cases) // 2]:
        if len(lines) >= SHOWN or not value:
            continue
        call = f"{name}({', '.join(literal(argument) for argument in arguments)})"
        text = literal(value)
        if len(call) + len(text) <= SHOWN_CHARACTERS:
            lines.append(f">>> {call}".replace("\n", "\n... ") + f"\n{text}")
    return lines


def _assertion(name: str, arguments: Sequence[Any], value: Any) -> str:
    inner = ", ".join(_indented(argument, 12) for argument in arguments)
    flat = f"    assert {name}({inner}) == {_indented(value, 4)}"
    if all(len(line) <= WIDTH for line in flat.splitlines()) and "\n" not in flat:
        return flat
    broken = "\n".join(f"        {_indented(argument, 8)}," for argument in arguments)
    return f"    assert {name}(\n{broken}\n    ) == {_indented(value, 4)}"


def _indented(value: Any, width: int) -> str:
    return literal(value).replace("\n", "\n" + " " * width)


def _groups(cases: Sequence[Case], first: str) -> list[tuple[str, list[Case]]]:
    """Cases by meaning; every group would notice a function that always returns the same."""
    found: dict[str, list[Case]] = {
        first: [], "small_inputs": [], "repeated_items": [], "larger_inputs": [], "other_inputs": []
    }  # fmt: skip
    usual = _size(cases[0])
    for place, case in enumerate(cases):
        items: Any = case[0][0] if case[0] else None
        if place == 0:
            found[first].append(case)
        elif _size(case) <= 1:
            found["small_inputs"].append(case)
        elif not isinstance(items, str) and len({repr(freeze(item)) for item in items}) < len(items):
            found["repeated_items"].append(case)
        elif _size(case) > usual:
            found["larger_inputs"].append(case)
        else:
            found["other_inputs"].append(case)
    return _balanced([(name, own) for name, own in found.items() if own])


def _size(case: Case) -> int:
    """How large the first argument is; numbers and the like count as one."""
    items = case[0][0] if case[0] else None
    return len(items) if isinstance(items, list | tuple | dict | set | frozenset | str | bytes) else 1


def _balanced(groups: list[tuple[str, list[Case]]]) -> list[tuple[str, list[Case]]]:
    """Weak groups borrow from the largest one; too few groups are split."""
    names = [name for name, _ in groups]
    lists = [list(cases) for _, cases in groups]
    while len(lists) < MIN_TESTS and max(len(own) for own in lists) > 1:
        largest = max(range(len(lists)), key=lambda i: len(lists[i]))
        half = (len(lists[largest]) + 1) // 2
        rest, lists[largest] = lists[largest][half:], lists[largest][:half]
        lists.insert(largest + 1, rest)
        names.insert(largest + 1, _fresh(names, names[largest]))
    for place, own in enumerate(lists):
        while _weak(own):
            donor = max(range(len(lists)), key=lambda i: len(lists[i]) - 100 * (i == place))
            spare = next(
                (case for case in reversed(lists[donor]) if repr(case[1]) not in {repr(c[1]) for c in own}), None
            )
            if len(lists[donor]) < 3 or spare is None:
                break
            lists[donor].remove(spare)
            own.append(spare)
    return [(name, own) for name, own in zip(names, lists, strict=True) if own]


def _fresh(names: Sequence[str], name: str) -> str:
    base = re.sub(r"_\d+$", "", name)
    number = 2
    while f"{base}_{number}" in names:
        number += 1
    return f"{base}_{number}"


def _weak(cases: Sequence[Case]) -> bool:
    return len({repr(freeze(value)) for _, value in cases}) < 2
