"""Sources over plain lists of words or numbers: batches, windows, counts, running figures."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from dreamer_app.weaver.recorded_weaver.ops import Spelling, wrapped
from dreamer_app.weaver.recorded_weaver.pieces import Parameter, Piece
from dreamer_app.weaver.recorded_weaver.roles import Studied
from dreamer_app.weaver.recorded_weaver.values import distinct, vary_list
from dreamer_app.weaver.recorded_weaver.words import imperative, in_a_step, plural, spoken

WORDS: tuple[Any, ...] = ("pear", "fig", "apple", "kiwi", "plum", "date", "lime", "melon")


def list_sources(spelling: Spelling, studied: Studied, rng: random.Random) -> list[Piece]:
    """What an operation on a plain list of words or numbers offers."""
    op = studied.op
    usable = sorted(studied.items & {"str", "int"})
    whole = [i for i in op.options if type(op.argument(i).value) is int]
    if (
        op.kind != "sequence"
        or op.slot is not None
        or not usable
        or len(op.options) > 1
        or len(whole) < len(op.options)
    ):
        return []
    item = rng.choice(usable) if studied.role != "running" else "int"
    if item not in usable:
        return []
    name = "words" if item == "str" else "numbers"
    pool: list[Any] = list(WORDS) if item == "str" else [3, 1, 4, 7, 5, 9, 2, 6, 8]
    base = [*pool[:3], pool[1], *pool[3:6], pool[0]]
    lists = distinct([base, *vary_list(base, pool, rng, 10), base[:5], base[2:], sorted(base)])
    parameters = [Parameter(name, f"list[{item}]", f"a list of {'words' if item == 'str' else 'whole numbers'}")]
    options: dict[int, str] = {}
    cases: list[tuple[Any, ...]] = [(one,) for one in lists]
    for index in whole:
        options[index] = "width" if studied.role == "window" else "size"
        parameters.append(Parameter(options[index], "int", "a whole number"))
        values = distinct([op.argument(index).value, 2, 3])
        cases = [(*case, values[number % len(values)]) for number, case in enumerate(cases)]
    call = wrapped(op, spelling.call(op, name, options))
    told = {op.argument(index).name: f"`{text}`" for index, text in options.items()}
    about = in_a_step(imperative(op.api, f"`{name}`", told, op.argument(op.subject).name))
    base_piece = Piece(
        kind="",
        lines=(),
        value=call,
        item=item,
        things="",
        steps=((about or _LIST_STEPS.get(studied.role, "").format(name=name)) + f" (`{op.key}`)",),
        parameters=tuple(parameters),
        cases=tuple(cases),
        ops=(op,),
        wording=1.0 if about else 0.8,
        prior=0.95,
    )
    if not about and studied.role not in _LIST_STEPS:
        return []
    match studied.role:
        case "counter":
            counted = replace(base_piece, kind="counts", lines=(f"counts = {call}",), value="counts", holders=name)
            return [replace(counted, things="number of occurrences")]
        case "splitter" | "window":
            things = "batches" if studied.role == "splitter" else "windows"
            return [replace(base_piece, kind=things, item=f"list[{item}]", things=things)]
        case "unique" | "repeats":
            first = "distinct" if studied.role == "unique" else "repeated"
            kind = "texts" if item == "str" else "numbers"
            return [replace(base_piece, kind=kind, things=f"{first} {name}", prior=0.7)]
        case "running":
            inner = studied.output.removeprefix("list[").removesuffix("]")
            item = inner if inner in ("int", "float") else "int"
            return [replace(base_piece, kind="numbers", item=item, things=plural(spoken(op.key)))]
    return []


_LIST_STEPS = {
    "splitter": "Split `{name}` into consecutive batches",
    "window": "Slide a window over `{name}`",
    "counter": "Count how often each of the `{name}` occurs",
    "unique": "Drop repeated `{name}`, so that each stays only where it occurs first",
    "repeats": "Find the `{name}` that occur again",
}
