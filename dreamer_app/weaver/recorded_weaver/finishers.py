"""What is done with the list that a source yields: templates by the role of the second operation.

Every template says in words what its code does; combinations for which there are no words are not made.
"""

from __future__ import annotations

import itertools
import keyword
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dreamer_app.weaver.recorded_weaver.chance import seeded
from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.ops import FUNCTION_NAMES, Op, Spelling, wrapped
from dreamer_app.weaver.recorded_weaver.phrasebook import (
    KEYED_SENTENCES,
    KEYED_TITLES,
    PIECE_SENTENCES,
    PRIORS,
    RANKING_TITLES,
    SENTENCES,
    TITLES,
    VERBS,
    WALK_TITLES,
)
from dreamer_app.weaver.recorded_weaver.pieces import Parameter, Piece
from dreamer_app.weaver.recorded_weaver.roles import Studied
from dreamer_app.weaver.recorded_weaver.values import distinct, shape
from dreamer_app.weaver.recorded_weaver.words import a_list, imperative, in_a_step, spoken

_PLAIN_NAMES = {"n": "size", "e": "separator", "r": "length", "seq": "items"}


def finish(
    spelling: Spelling, piece: Piece, studied: Studied, unkeyed: Mapping[str, str], rng: random.Random
) -> Draft | None:
    """The source, finished with one operation; None when there are no words for it or the shapes do not fit.

    Args:
        spelling: How to write it.
        piece: The source.
        studied: The operation.
        unkeyed: Roles that operations have without their key function, by API.
        rng: Of the option values.
    """
    op = studied.op
    keyed = piece.kind in ("scores", "measures", "raw", "counts") or op.slot is not None
    role = studied.role if studied.role in ("grouper", "count_by") or not keyed else unkeyed.get(op.key, "")
    prior = PRIORS.get(piece.kind, {}).get(role, 0.0)
    if not prior or op.key in {one.key for one in piece.ops}:
        return None
    if keyed:
        return _keyed(spelling, piece, studied, role, prior)
    if piece.kind in ("batches", "windows"):
        return _per_piece(spelling, piece, studied, prior, rng)
    if piece.item not in studied.items and not (piece.item.startswith(("list", "tuple")) and _any_item(studied)):
        return None
    if role == "query":
        return _query(spelling, piece, studied, prior, rng)
    parameters, cases, options, words = _options(op, piece, rng)
    call = wrapped(op, spelling.call(op, piece.value, options))
    title = TITLES.get(role) or imperative(op.api, f"the {piece.things}", words, op.argument(op.subject).name)
    if (piece.kind, role) in WALK_TITLES:
        title = WALK_TITLES[piece.kind, role].format(what=piece.things.removeprefix("nodes of the "))
    if piece.kind == "ranking":
        title = RANKING_TITLES.get(role, title).format(key=piece.things.removeprefix("ranking of nodes by "))
    if role not in TITLES and piece.things not in title:
        return None
    about = _sentence(op, role, words)
    note = _fixed(op, options)
    if not about or not title or len(title.split()) > 13 or "`" in title or note is None:
        return None
    return compose(
        spelling,
        piece,
        op,
        pattern=f"{piece.kind}/{role}",
        name=f"{VERBS.get(role) or f'{_last(op)} of'} {piece.things}",
        title=title.format(things=piece.things),
        result=call,
        steps=(*piece.steps, f"{about}{note} (`{op.key}`)"),
        parameters=parameters,
        cases=cases,
        prior=prior,
        wording=1.0,
    )


def _sentence(op: Op, role: str, words: Mapping[str, str]) -> str:
    """The documentation's words where they are clean, else what the role means."""
    about = in_a_step(imperative(op.api, "the list", words, op.argument(op.subject).name))
    if about and role not in ("head", "tail", "top", "extremes", "nth", "rest", "unique"):
        return about
    text = SENTENCES.get(role, "")
    option = next((word for word in words.values() if word[1:-1].isidentifier()), "")
    return text.format(option=option) if option or "{option}" not in text else about


def _any_item(studied: Studied) -> bool:
    """Whether an operation does not care what the items are."""
    return {"int", "str"} <= studied.items and studied.role in ("splitter", "window", "dealer", "combos", "selector")


def _options(
    op: Op, piece: Piece, rng: random.Random
) -> tuple[tuple[Parameter, ...], tuple[tuple[Any, ...], ...], dict[int, str], dict[str, str]]:
    """Whole-number options become parameters; everything else stays as documented."""
    taken = {parameter.name for parameter in piece.parameters}
    parameters = list(piece.parameters)
    options: dict[int, str] = {}
    words: dict[str, str] = {}
    choices: list[list[int]] = []
    for index in op.options:
        argument = op.argument(index)
        if (
            not argument.name
            or not isinstance(argument.value, int)
            or isinstance(argument.value, bool)
            or len(choices) >= 2
        ):
            words[argument.name] = f"`{argument.value!r}`"
            continue
        name = _PLAIN_NAMES.get(argument.name, argument.name)
        name = name if name not in taken and not keyword.iskeyword(name) else f"{name}_count"
        taken.add(name)
        options[index] = name
        words[argument.name] = f"`{name}`"
        parameters.append(Parameter(name, "int", "a whole number"))
        choices.append(distinct([argument.value, 2, 3, 1, 4]) if argument.value > 0 else [argument.value, 0, 1])
    cases = []
    for number, case in enumerate(piece.cases):
        extra = [values[0] if number == 0 else values[(number + rng.randrange(2)) % len(values)] for values in choices]
        cases.append((*case, *extra))
    return tuple(parameters), tuple(cases), options, words


def _per_piece(spelling: Spelling, piece: Piece, studied: Studied, prior: float, rng: random.Random) -> Draft | None:
    """The operation on every batch or window."""
    op, one = studied.op, piece.things[:-2] if piece.things == "batches" else piece.things[:-1]
    item = piece.item.removeprefix("list[").removesuffix("]")
    if item not in studied.items or (item != "int" and studied.role in ("top", "extremes", "running")):
        return None
    parameters, cases, options, words = _options(op, piece, rng)
    option = next((word for word in words.values() if word[1:-1].isidentifier()), "")
    doing = PIECE_SENTENCES.get(studied.role, "").format(option=option)
    note = _fixed(op, options)
    if studied.role == "running":
        doing = f"compute its {spoken(op.key)}"
    if not doing or "  " in doing or note is None or (studied.role in ("top", "head") and not option):
        return None
    return compose(
        spelling,
        piece,
        op,
        pattern=f"{piece.kind}/{studied.role}",
        name=f"{VERBS.get(studied.role, _last(op))} per {one}",
        title=f"For every {one} of {piece.parameters[0].name}, {doing.replace('`', '')}",
        result=f"[{wrapped(op, spelling.call(op, one, options))} for {one} in {piece.value}]",
        steps=(*piece.steps, f"For every {one}, {doing}{note} (`{op.key}`)"),
        parameters=parameters,
        cases=cases,
        prior=prior,
        wording=0.9,
    )


def _fixed(op: Op, options: Mapping[int, str]) -> str | None:
    """What stays as the documentation has it, in words; None when it cannot be said in a few."""
    rest = [op.argument(index) for index in op.options if index not in options]
    if any(not argument.name or isinstance(argument.value, list | tuple | dict | set) for argument in rest):
        return None
    texts = [f"`{argument.name}={argument.value!r}`" for argument in rest]
    return f" with {a_list(texts)}" if texts else ""


def _keyed(spelling: Spelling, piece: Piece, studied: Studied, role: str, prior: float) -> Draft | None:
    """Operations that take a key function: by size, by score, by what another API makes of a text."""
    op = studied.op
    if op.slot is None or op.argument(op.slot).name not in FUNCTION_NAMES or role not in KEYED_SENTENCES:
        return None
    match piece.kind:
        case "scores" | "measures" | "counts":
            function, key, things = f"{piece.value}.get", piece.things, piece.holders
        case "parts":
            function, key, things = "len", "number of nodes", piece.things
        case "raw":
            function, key, things = spelling.name(piece.ops[0].api), piece.names[0], piece.things
        case _:
            return None
    parameters, cases, options, words = _options(op, piece, seeded(piece.things))
    option = next((word for word in words.values() if word[1:-1].isidentifier()), "")
    sentence, note = KEYED_SENTENCES[role], _fixed(op, options)
    if note is None or ("{option}" in sentence and not option):
        return None
    return compose(
        spelling,
        piece,
        op,
        pattern=f"{piece.kind}/{role}",
        name=f"{VERBS[role]} {things} by {key}",
        title=KEYED_TITLES[role].format(things=things, key=key),
        result=wrapped(op, spelling.call(op, piece.value, options, function)),
        steps=(*piece.steps, sentence.format(things=things, key=key, option=option) + f" (`{op.key}`)"),
        parameters=parameters,
        cases=cases,
        prior=prior,
        wording=0.9,
    )


def _query(spelling: Spelling, piece: Piece, studied: Studied, prior: float, rng: random.Random) -> Draft | None:
    """A container of one library is filled with the list and then asked."""
    op = studied.op
    if op.maker is None or not op.method or not op.options or not isinstance(op.documented, list):
        return None
    about = imperative(op.api, "the list", {}, "") or _method_words(op)
    if not about or piece.item not in ("int", "str", "float"):
        return None
    parameters = list(piece.parameters)
    options: dict[int, str] = {}
    pools: list[Callable[[int], Any]] = []
    for index in op.options:
        argument = op.argument(index)
        if isinstance(argument.value, list | dict | tuple):
            return None
        name = argument.name or "value"
        like_item = shape(argument.value) == shape(op.documented[0])
        options[index] = name
        parameters.append(
            Parameter(name, piece.item if like_item else "int", "a value to look for" if like_item else "a position")
        )
        pools.append(_chooser(like_item, piece.item, index, rng))
    if len({p.name for p in parameters}) != len(parameters):
        return None
    cases = tuple((*case, *(pool(number) for pool in pools)) for number, case in enumerate(piece.cases))
    container = spelling.name(op.maker[0])
    step = f"Put them into a `{op.maker[0].key}`"
    made = replace(
        piece, makers=(*piece.makers, op.maker[0]), imports=(*piece.imports, spelling.statement(op.maker[0]))
    )
    return compose(
        spelling,
        made,
        op,
        pattern=f"{piece.kind}/query",
        name=f"{_last(op)} in sorted {piece.things}",
        title=_query_title(about, piece.things),
        result=wrapped(op, spelling.call(op, f"{container}({piece.value})", options)),
        steps=(*piece.steps, step, f"{about} (`{op.key}`)"),
        parameters=tuple(parameters),
        cases=cases,
        prior=prior,
        wording=0.7,
    )


def _query_title(about: str, things: str) -> str:
    """The method's own sentence, about these things."""
    text = re.sub(r"(?:the |an? )?(?:sorted(?:-key)? )?(?:list|set)\b", f"the sorted {things}", about, count=1)
    if things not in text:
        text = f"{text} in the sorted {things}"
    return re.sub(r"^Return\b", "Find", text.replace("`", ""))


def _chooser(like_item: bool, item: str, place: int, rng: random.Random) -> Callable[[int], Any]:
    texts = ["b", "d", "c", "m", "a", "k"] if place < 2 else ["f", "m", "z", "e", "p"]
    numbers = [1, 2, 3, 0, 4] if place < 2 else [3, 5, 4, 8, 2]
    values: list[Any] = (texts if item == "str" else numbers) if like_item else numbers
    start = rng.randrange(len(values))
    return lambda number: values[(start + number) % len(values)]


def _method_words(op: Op) -> str:
    text = re.split(r"[.;:]\s|\n\n", op.api.docstring.strip())[0]
    text = re.sub(r"\ban iterator (?:of|over)\b", "a list of", " ".join(text.split()))
    fake = op.api.model_copy(update={"summary": text, "docstring": text})
    return imperative(fake, "the list", {op.argument(i).name: f"`{op.argument(i).name}`" for i in op.options}, "")


def compose(
    spelling: Spelling,
    piece: Piece,
    op: Op,
    *,
    pattern: str,
    name: str,
    title: str,
    result: str,
    steps: tuple[str, ...],
    parameters: tuple[Parameter, ...],
    cases: Sequence[tuple[Any, ...]],
    prior: float,
    wording: float,
) -> Draft | None:
    """The draft of a source and what is done with it; None when two of its names are the same."""
    entry = identifier(name)
    if not entry or len({p.name for p in parameters}) != len(parameters):
        return None
    own = [spelling.statement(one.api) for one in piece.ops if not one.method]
    imports = [*piece.imports, *own, *(spelling.statement(api) for api in piece.makers)]
    if not op.method:
        imports.append(spelling.statement(op.api))
    apis = list({api.key: api for api in (*piece.makers, *(one.api for one in piece.ops), op.api)}.values())
    bound = [line.rpartition(" import ")[2] for line in set(imports) if line.startswith("from ")]
    clash = len(set(bound)) != len(bound) or entry in bound or {p.name for p in parameters} & set(bound)
    if clash:
        return None
    parts = {
        "pattern": round(prior * piece.prior, 3),
        "wording": round((piece.wording + wording) / 2, 3),
        "names": 1.0 if len(entry) <= 40 else 0.6,
    }
    return Draft(
        pattern=pattern,
        name=entry,
        title=title[:1].upper() + title[1:],
        parameters=parameters,
        imports=tuple(dict.fromkeys(imports)),
        lines=piece.lines,
        result=result,
        steps=steps,
        outcome="",
        apis=tuple(apis),
        ops=(*piece.ops, op),
        cases=tuple(cases),
        parts=parts,
    )


def identifier(text: str) -> str:
    """A function name out of words, at most six of them; empty when nothing is left."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    words = [word for word in words if word not in ("the", "a", "an", "of")] if len(words) > 5 else words
    name = "_".join(itertools.islice((word for word in words), 6))
    return "" if not name or name[0].isdigit() or keyword.iskeyword(name) else name


def _last(op: Op) -> str:
    return op.form.method or op.key.rpartition(".")[2]


def raw_pieces(piece: Piece) -> Iterator[Piece]:
    """The unchanged texts, with the conversion of the piece as the key."""
    op = piece.ops[0]
    if piece.kind not in ("texts", "numbers") or piece.lines or op.options or len(op.form.arguments) != 1:
        return
    name = piece.parameters[0].name
    made = piece.things.removesuffix("s").replace("`", "")
    yield replace(
        piece,
        kind="raw",
        value=name,
        item="str",
        things=name,
        names=(made,),
        steps=(f"Look at what `{op.key}` makes of every {name[:-1]}",),
    )
