"""Plain values as source text: writing them, breaking them, weighing them, comparing them within a tolerance.

The values are host-side Python values that came out of `canonical.decode`; nothing here runs code.
"""

from __future__ import annotations

import ast
import math
import pprint
from collections.abc import Iterator
from typing import Any

from dreamer_app.core.errors import DreamerError
from dreamer_app.sandbox.canonical import Opaque, Raised

LITERAL_WIDTH = 96
REL_TOLERANCE, ABS_TOLERANCE = 1e-6, 1e-12
"""Defaults of `pytest.approx`."""


class LiteralError(DreamerError):
    """A value cannot be written as a literal."""


def literal(value: Any) -> str:
    """Source text of a plain value, readable, at most `LITERAL_WIDTH` wide.

    Raises:
        LiteralError: The value has no literal.
    """
    text = pprint.pformat(value, width=LITERAL_WIDTH, sort_dicts=False, compact=True)
    try:
        same = ast.literal_eval(text) == value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        same = False
    if not same or any(isinstance(part, Opaque | Raised) for part in _parts(value)):
        raise LiteralError(
            "A value has no literal", text[:200], "Turn it into plain lists, dicts, strings and numbers."
        )
    return text


def entropy(value: Any) -> float:
    """Bits that guessing a value takes, roughly: a bool or None 1, an integer its length + 1, a character 4."""
    match value:
        case bool() | None:
            return 1.0
        case int():
            return min(64.0, abs(value).bit_length() + 1.0)
        case float() | complex():
            return 16.0
        case str() | bytes():
            return min(128.0, 1.0 + 4.0 * len(value))
        case dict():
            return min(256.0, 1.0 + sum(entropy(key) + entropy(item) for key, item in value.items()))
        case list() | tuple() | set() | frozenset():
            return min(256.0, 1.0 + sum(entropy(item) for item in value))
    return 0.0


def broken(value: Any) -> Any:
    """A literal that differs from `value` in type-preserving ways where it can."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float() | complex():
            return value + 1 if value + 1 != value else -value  # from 2**53 on, one more is the same number
        case str():
            return value + "\u0394"
        case bytes():
            return value + b"?"
        case list():
            return [*value, "\u0394"]
        case tuple():
            return (*value, "\u0394")
        case dict():
            return {**value, "\u0394": "\u0394"}
        case set():
            return value | {"\u0394"}
    return "\u0394"


def close(observed: Any, expected: Any, rel: float, absolute: float) -> bool:
    """Whether two values agree as `pytest.approx` would say, element by element."""
    if isinstance(expected, dict):
        return (
            isinstance(observed, dict)
            and observed.keys() == expected.keys()
            and all(close(observed[key], expected[key], rel, absolute) for key in expected)
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(observed, list | tuple)
            and len(observed) == len(expected)
            and all(close(one, other, rel, absolute) for one, other in zip(observed, expected, strict=True))
        )
    if isinstance(observed, int | float) and isinstance(expected, int | float):
        return math.isclose(observed, expected, rel_tol=rel, abs_tol=absolute)
    return bool(observed == expected)


def exactly(observed: Any, expected: Any) -> bool:
    """Whether two values are equal and every number in them is of the same kind: 1, 1.0 and True are three values."""
    return bool(observed == expected) and _kinds(observed) == _kinds(expected)


def _kinds(value: Any) -> Any:
    match value:
        case bool() | int() | float() | complex():
            return type(value).__name__, value
        case list() | tuple():
            return tuple(_kinds(item) for item in value)
        case dict():
            return frozenset((_kinds(key), _kinds(item)) for key, item in value.items())
        case set() | frozenset():
            return frozenset(_kinds(item) for item in value)
    return value


def _parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(key)
            yield from _parts(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _parts(item)
