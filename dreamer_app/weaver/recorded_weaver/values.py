"""Shapes of plain values, their annotations, and deterministic variations of documented values.

Shape is what decides whether one call can feed another: `list[tuple[str, str]]`, `dict[str, float]`. Strings are atoms
here and never sequences of characters.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from dreamer_app.sandbox.canonical import Opaque, Raised

ATOMS = ("bool", "int", "float", "str", "None", "bytes")
MAX_ITEMS = 60
MAX_TEXT = 400


def shape(value: Any) -> str:
    """The shape of a plain value; `?` where it has none, `Any` for the items of an empty or mixed container."""
    match value:
        case Opaque() | Raised():
            return "?"
        case None:
            return "None"
        case bool() | int() | float() | str() | bytes():
            return type(value).__name__
        case dict():
            return f"dict[{_joined(value)}, {_joined(value.values())}]"
        case tuple() if not value:
            return "tuple[Any, ...]"
        case tuple():
            return (
                f"tuple[{', '.join(shape(item) for item in value)}]"
                if len(value) <= 4
                else f"tuple[{_joined(value)}, ...]"
            )
        case list() | set() | frozenset():
            return f"{type(value).__name__}[{_joined(value)}]"
    return "?"


def join(shapes: Iterable[str]) -> str:
    """The one shape that covers several; containers of unknown items give way to known ones."""
    found = list(dict.fromkeys(shapes))
    if not found:
        return "Any"
    if "?" in found:
        return "?"
    if len(found) == 1:
        return found[0]
    known = [one for one in found if "Any" not in one] or found
    if len(known) == 1 and all(one.partition("[")[0] == known[0].partition("[")[0] for one in found):
        return known[0]
    if set(found) == {"int", "float"}:
        return "float"
    heads = {one.partition("[")[0] for one in found}
    if heads == {"tuple"}:
        return _join_tuples(found)
    if len(heads) == 1 and (head := heads.pop()) in ("list", "set", "frozenset", "dict"):
        inner = [_arguments(one) for one in found]
        if len({len(parts) for parts in inner}) == 1:
            columns = [[part for part in column if part != "Any"] for column in zip(*inner, strict=True)]
            return f"{head}[{', '.join(join(column) for column in columns)}]"
    if "None" in found and len(found) == 2:
        return f"{next(one for one in found if one != 'None')} | None"
    return "Any"


def _join_tuples(found: list[str]) -> str:
    inner = [_arguments(one) for one in found]
    lengths = {len(parts) for parts in inner}
    if len(lengths) == 1 and "..." not in inner[0]:
        return f"tuple[{', '.join(join(column) for column in zip(*inner, strict=True))}]"
    flat = [part for parts in inner for part in parts if part not in ("...", "")]
    return f"tuple[{join(flat)}, ...]"


def _joined(items: Iterable[Any]) -> str:
    return join(shape(item) for item in items)


def _arguments(text: str) -> list[str]:
    """The parts between the outermost brackets."""
    inner = text.partition("[")[2][:-1]
    parts, depth, current = [], 0, ""
    for character in inner:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()] if current.strip() else parts


def item_shape(text: str) -> str:
    """Shape of the items of a list, set or homogeneous tuple; empty for everything else."""
    head = text.partition("[")[0]
    parts = _arguments(text)
    if head in ("list", "set", "frozenset") and len(parts) == 1:
        return parts[0]
    if head == "tuple" and parts:
        kinds = [part for part in parts if part != "..."]
        return kinds[0] if len(set(kinds)) == 1 else ""
    return ""


def dict_shapes(text: str) -> tuple[str, str] | None:
    """Key and value shape of a dict."""
    parts = _arguments(text)
    return (parts[0], parts[1]) if text.startswith("dict[") and len(parts) == 2 else None


def is_plain(value: Any, budget: int = MAX_ITEMS * 4) -> bool:
    """Whether a value is a literal that a person would still read."""
    return _weight(value) <= budget


def _weight(value: Any) -> int:
    match value:
        case Opaque() | Raised():
            return 1 << 20
        case str() | bytes():
            return 1 + len(value) // 40 if len(value) <= MAX_TEXT else 1 << 20
        case float() if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124
            return 1 << 20
        case dict():
            return 1 + sum(_weight(key) + _weight(item) for key, item in value.items())
        case list() | tuple() | set() | frozenset():
            return 1 + sum(_weight(item) for item in value)
    return 1


def freeze(value: Any) -> Any:
    """A hashable stand-in, so that values can be counted and compared with their types."""
    match value:
        case dict():
            return ("dict", tuple((freeze(key), freeze(item)) for key, item in value.items()))
        case list() | tuple():
            return (type(value).__name__, tuple(freeze(item) for item in value))
        case set() | frozenset():
            return (type(value).__name__, frozenset(freeze(item) for item in value))
        case Opaque() | Raised():
            return ("opaque", repr(value))
    return (type(value).__name__, value)


def vary_list(base: list[Any], pool: list[Any], rng: random.Random, longest: int = 12) -> list[list[Any]]:
    """Lists of the same shape as a documented one: edge cases first, then reordered, repeated and longer ones."""
    items = list(base) or list(pool[:3])
    if not items:
        return [[]]
    rest = [item for item in pool if item not in items] or items
    shuffled = rng.sample(items, len(items))
    longer = [rng.choice(items + rest) for _ in range(min(longest, len(items) + 4))]
    heavy = [rng.choice(items[:3]) for _ in range(min(longest, max(6, len(items))))]
    variants = [
        [],
        items[:1],
        [items[0], items[0]],
        list(reversed(items)),
        items[: max(2, len(items) // 2)],
        [*items, items[0]],
        shuffled,
        heavy,
        longer,
        [*rng.sample(rest, min(3, len(rest))), *items[1:]],
        [item for item in items for _ in range(2)][:longest],
        [rng.choice(items + rest) for _ in range(min(longest, len(items) + 2))],
    ]
    return distinct(variants)


def vary_number(base: float, rng: random.Random) -> list[Any]:
    """Numbers around a documented one, zero and one among them."""
    near = [base, 0, 1, base + 1, base * 2, base * 10, base // 2 if isinstance(base, int) else base / 2]
    far = [rng.randint(2, 9) * 10 ** len(str(abs(int(base)))), abs(base) + rng.randint(3, 9)]
    return distinct([*near, *far])


def vary_text(base: str, rng: random.Random) -> list[str]:
    """Texts near a documented one: other case, other spacing, other order of words, shorter."""
    words = base.split()
    variants = [base, base.upper(), base.lower(), base.title(), f"  {base} "]
    if len(words) > 1:
        variants += [" ".join(rng.sample(words, len(words))), " ".join(words[:2]), "  ".join(words), words[0]]
    return distinct([text for text in variants if text])


def distinct(values: Iterable[Any]) -> list[Any]:
    """Without repetitions, in order."""
    return list({freeze(value): value for value in values}.values())
