"""Small, natural demands that make a composed function a task: thresholds, order, rounding, numbered lines, edge cases.

Each spice fits one shape of input or result, changes the code and says in words what it does. Without them a task would
be a single pipe of two calls.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.pieces import Parameter
from dreamer_app.weaver.recorded_weaver.values import dict_shapes, item_shape
from dreamer_app.weaver.recorded_weaver.variants import mutant_count

ENOUGH_MUTANTS = 11
MOST = 3
"""Spices in one draft."""


@dataclass(frozen=True)
class Spiced:
    """A draft under way.

    Attributes:
        draft: So far.
        shape: Shape of its result.
        minds: What it does something else about, of the names in `odd_cases`: only that is worth a sentence.
    """

    draft: Draft
    shape: str
    minds: frozenset[str] = frozenset()


ODD_CASES = 3
"""Cases of a draft that are also run with something odd in them."""


def odd_cases(draft: Draft) -> dict[str, tuple[tuple[Any, ...], ...]]:
    """The first few cases again with something odd in them, by its name: `empty`, `loops` or `blanks`."""
    annotation = draft.parameters[0].annotation
    cases = draft.cases[:ODD_CASES]
    odd: dict[str, tuple[tuple[Any, ...], ...]] = {}
    if annotation.startswith("list"):
        odd["empty"] = (([], *draft.cases[0][1:]),)
    if _has_plain_edges(draft):
        odd["loops"] = tuple((_looped(case[0]), *case[1:]) for case in cases)
    if annotation == "list[str]":
        odd["blanks"] = tuple((_blanked(case[0]), *case[1:]) for case in cases)
    return odd


def empty_result(shape: str) -> str | None:
    """The literal of an empty result of this shape, None where there is none."""
    return {"list": "[]", "dict": "{}", "tuple": "()"}.get(shape.partition("[")[0])


def _has_plain_edges(draft: Draft) -> bool:
    return draft.parameters[0].name == "edges" and item_shape(draft.parameters[0].annotation).count(",") == 1


def _looped(edges: list[Any]) -> list[Any]:
    end = edges[-1][1]
    return [*edges[:2], (end, end), *edges[2:]]


def _blanked(texts: list[str]) -> list[str]:
    return [*texts[:1], "  ", *texts[1:], ""]


_SELECTS = re.compile(r"/(top|head|tail|nth|extremes|rest)$")

Spice = Callable[[Spiced], Spiced | None]


def spice(spiced: Spiced, rng: random.Random) -> Draft:
    """The draft with as many spices as it needs to be worth a proof.

    Args:
        spiced: The draft as composed.
        rng: Chooses among what fits.
    """
    before = list(_BEFORE)
    rng.shuffle(before)
    chosen = [one for one in _AFTER if rng.random() < 0.7] or list(_AFTER)
    spare = [one for one in _AFTER if one not in chosen]
    used = 0
    for place, one in enumerate([*chosen, *before, *spare]):
        if used >= MOST or (used and mutant_count(spiced.draft.source()) >= ENOUGH_MUTANTS):
            break
        if place < len(chosen) and used >= 2:
            continue
        fresh = one(spiced)
        if fresh is not None:
            spiced, used = fresh, used + 1
    return spiced.draft


def _with_parameter(draft: Draft, name: str, about: str, values: Sequence[int]) -> Draft | None:
    if any(parameter.name == name for parameter in draft.parameters):
        return None
    cases = tuple((*case, values[number % len(values)]) for number, case in enumerate(draft.cases))
    return replace(draft, parameters=(*draft.parameters, Parameter(name, "int", about)), cases=cases)


def _stepped(draft: Draft, name: str, result: str, step: str) -> Draft:
    """The result so far under a name, and a further step that makes the new result of it."""
    return replace(draft, lines=(*draft.lines, f"{name} = {draft.result}"), result=result, steps=(*draft.steps, step))


def _frequent(spiced: Spiced) -> Spiced | None:
    shapes = dict_shapes(spiced.shape)
    if shapes is None or shapes[1] != "int" or "/count" not in spiced.draft.pattern:
        return None
    draft = _with_parameter(spiced.draft, "minimum", "the smallest count that is kept", (1, 2, 1, 3, 2))
    if draft is None:
        return None
    code = "{key: count for key, count in counts.items() if count >= minimum}"
    return replace(
        spiced, draft=_stepped(draft, "counts", code, "Keep only counts of at least `minimum`"), shape=spiced.shape
    )


def _most_frequent(spiced: Spiced) -> Spiced | None:
    shapes = dict_shapes(spiced.shape)
    if shapes is None or shapes[1] != "int" or "/count" not in spiced.draft.pattern or "Any" in shapes[0]:
        return None
    name = "frequent" if any(line.startswith("counts =") for line in spiced.draft.lines) else "counts"
    code = f"sorted({name}.items(), key=lambda item: (-item[1], item[0]))"
    step = "Return pairs of value and count, the highest count first; equal counts in ascending order of the value"
    return replace(spiced, draft=_stepped(spiced.draft, name, code, step), shape=f"list[tuple[{shapes[0]}, int]]")


def _large_groups(spiced: Spiced) -> Spiced | None:
    shapes = dict_shapes(spiced.shape)
    if shapes is None or not item_shape(shapes[1]):
        return None
    draft = _with_parameter(spiced.draft, "minimum", "the smallest size of a group that is kept", (1, 2, 1, 3, 2))
    if draft is None:
        return None
    code = "{key: group for key, group in groups.items() if len(group) >= minimum}"
    return replace(
        spiced,
        draft=_stepped(draft, "groups", code, "Keep only groups with at least `minimum` members"),
        shape=spiced.shape,
    )


def _ordered_groups(spiced: Spiced) -> Spiced | None:
    shapes = dict_shapes(spiced.shape)
    if (
        shapes is None
        or not shapes[1].startswith("list")
        or item_shape(shapes[1]) not in ("str", "int")
        or "Any" in spiced.shape
    ):
        return None
    name = "large" if any(line.startswith("groups =") for line in spiced.draft.lines) else "groups"
    code = f"[(key, sorted({name}[key])) for key in sorted({name})]"
    step = "Return pairs of key and group, in ascending order of the keys, the members of each group in ascending order"
    return replace(
        spiced,
        draft=_stepped(spiced.draft, name, code, step),
        shape=f"list[tuple[{shapes[0]}, list[{item_shape(shapes[1])}]]]",
    )


def _rounded(spiced: Spiced) -> Spiced | None:
    shapes = dict_shapes(spiced.shape)
    if shapes is not None and shapes[1] == "float":
        code = "{key: round(value, 3) for key, value in found.items()}"
        return replace(
            spiced,
            draft=_stepped(spiced.draft, "found", code, "Round every value to three decimals"),
            shape=spiced.shape,
        )
    if item_shape(spiced.shape) == "float":
        code = "[round(value, 3) for value in found]"
        return replace(
            spiced,
            draft=_stepped(spiced.draft, "found", code, "Round every value to three decimals"),
            shape="list[float]",
        )
    return None


def _long_pieces(spiced: Spiced) -> Spiced | None:
    inner = item_shape(spiced.shape)
    if not spiced.shape.startswith("list") or not item_shape(inner) or "window" in spiced.draft.pattern:
        return None
    draft = _with_parameter(spiced.draft, "minimum", "the smallest length that is kept", (1, 2, 2, 1, 3))
    if draft is None:
        return None
    code = "[piece for piece in pieces if len(piece) >= minimum]"
    return replace(
        spiced,
        draft=_stepped(draft, "pieces", code, "Keep only those with at least `minimum` items"),
        shape=spiced.shape,
    )


def _numbered_pieces(spiced: Spiced) -> Spiced | None:
    inner = item_shape(spiced.shape)
    if item_shape(inner) != "str" or "enumerate" in spiced.draft.result:
        return None
    name = "kept" if any(line.startswith("pieces =") for line in spiced.draft.lines) else "pieces"
    code = f"[f\"{{number}}. {{', '.join(piece)}}\" for number, piece in enumerate({name}, start=1)]"
    step = (
        "Return one line of text for each, numbered from one, its items joined by a comma and a space, e.g. `2. x, y`"
    )
    return replace(spiced, draft=_stepped(spiced.draft, name, code, step), shape="list[str]")


def _numbered(spiced: Spiced) -> Spiced | None:
    inner = item_shape(spiced.shape)
    pattern = spiced.draft.pattern
    named = pattern.startswith(("ranking", "members", "schedule", "route", "texts", "scores", "measures", "counts"))
    if inner != "str" or not named or "enumerate" in spiced.draft.result or pattern.endswith("extremes"):
        return None
    code = '[f"{number}. {item}" for number, item in enumerate(found, start=1)]'
    step = "Return one line of text for each, numbered from one, e.g. `2. x`"
    return replace(spiced, draft=_stepped(spiced.draft, "found", code, step), shape="list[str]")


def _limited(spiced: Spiced) -> Spiced | None:
    inner = item_shape(spiced.shape)
    taken = {parameter.name for parameter in spiced.draft.parameters} & {"k", "limit", "minimum"}
    numbered = "enumerate" in spiced.draft.result
    if not spiced.shape.startswith("list") or not inner or taken or numbered or _SELECTS.search(spiced.draft.pattern):
        return None
    draft = _with_parameter(spiced.draft, "limit", "the largest number of results", (3, 2, 1, 4, 2))
    if draft is None:
        return None
    name = "results"
    return Spiced(
        _stepped(draft, name, f"{name}[:limit]", "Keep at most `limit` of them, the first ones"), spiced.shape
    )


def _ascending(spiced: Spiced) -> Spiced | None:
    inner = item_shape(spiced.shape)
    wanted = spiced.draft.pattern.endswith(("unique", "repeats")) and inner in ("int", "str")
    if not wanted or not spiced.shape.startswith("list") or spiced.draft.result.startswith("sorted("):
        return None
    code = "sorted(found)" if inner == "int" else "sorted(found, key=lambda text: (len(text), text))"
    step = (
        "Put them in ascending order"
        if inner == "int"
        else "Put shorter ones first, equally long ones in ascending order"
    )
    return replace(spiced, draft=_stepped(spiced.draft, "found", code, step), shape=spiced.shape)


def _no_loops(spiced: Spiced) -> Spiced | None:
    draft = spiced.draft
    if "loops" not in spiced.minds or not _has_plain_edges(draft):
        return None
    fresh = replace(
        draft,
        lines=("edges = [(start, end) for start, end in edges if start != end]", *draft.lines),
        steps=("Ignore edges that lead from a node to itself", *draft.steps),
        cases=_every_third(draft.cases, _looped),
    )
    return replace(spiced, draft=fresh)


def _no_blanks(spiced: Spiced) -> Spiced | None:
    draft = spiced.draft
    name = draft.parameters[0].name
    if "blanks" not in spiced.minds:
        return None
    fresh = replace(
        draft,
        lines=(f"{name} = [{name[:-1]} for {name[:-1]} in {name} if {name[:-1]}.strip()]", *draft.lines),
        steps=(f"Ignore {name} that are empty or blank", *draft.steps),
        cases=_every_third(draft.cases, _blanked),
    )
    return replace(spiced, draft=fresh)


def _every_third(
    cases: Sequence[tuple[Any, ...]], change: Callable[[list[Any]], list[Any]]
) -> tuple[tuple[Any, ...], ...]:
    return tuple(
        (change(case[0]), *case[1:]) if number % 3 == 1 and case[0] else case for number, case in enumerate(cases)
    )


def _guarded(spiced: Spiced) -> Spiced | None:
    """Nothing in, nothing out; said in words where the library does something else about it."""
    draft = spiced.draft
    name = draft.parameters[0].name
    empty = empty_result(spiced.shape)
    if empty is None or "empty" not in spiced.minds:
        return None
    cases: list[tuple[Any, ...]] = [case for case in draft.cases if case[0]]
    cases.insert(2, ([], *draft.cases[0][1:]))
    fresh = replace(
        draft,
        lines=(f"if not {name}:", f"    return {empty}", *draft.lines),
        steps=(f"If `{name}` is empty, return `{empty}` at once", *draft.steps),
        cases=tuple(cases),
    )
    return replace(spiced, draft=fresh)


_AFTER: tuple[Spice, ...] = (
    _frequent,
    _large_groups,
    _long_pieces,
    _rounded,
    _ascending,
    _limited,
    _most_frequent,
    _ordered_groups,
    _numbered_pieces,
    _numbered,
)
"""In the order in which a person would ask for them."""
_BEFORE: tuple[Spice, ...] = (_no_loops, _no_blanks, _guarded)
