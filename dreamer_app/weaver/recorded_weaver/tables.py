"""Tables of what two operations make of the same texts or numbers.

For libraries that convert single values: they have nothing that works on a list, so that no finisher fits them, but a
person who has such a library shows several of its conversions side by side.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.finishers import compose
from dreamer_app.weaver.recorded_weaver.ops import Op, Spelling
from dreamer_app.weaver.recorded_weaver.pieces import Parameter, Piece, inputs_of_atom, list_cases
from dreamer_app.weaver.recorded_weaver.roles import Studied
from dreamer_app.weaver.recorded_weaver.words import imperative, in_a_step, lower_first, noun, result_noun

PRIOR = 0.75
"""How sensible such a table usually is; judged by reading samples."""
NUMBERED = 0.6
"""Share of tables that are numbered lines; the others list where their columns differ."""
SEPARATORS = (
    (": ", "a colon and a space"),
    (" - ", "a hyphen between spaces"),
    (" = ", "an equals sign between spaces"),
)


def columns(spelling: Spelling, studied: Studied, rng: random.Random) -> Iterator[Piece]:
    """The operation as the first column of a table, if its documentation says in words what it does."""
    op = studied.op
    source, plural_name = inputs_of_atom(studied)
    if not _is_column(studied) or not source:
        return
    single = plural_name[:-1]
    step = _step(op, single)
    if step:
        yield Piece(
            kind="column",
            lines=(),
            value=spelling.call(op, single),
            item=source,
            things=plural_name,
            steps=(step,),
            parameters=(
                Parameter(plural_name, f"list[{source}]", f"a list of {'texts' if source == 'str' else 'numbers'}"),
            ),
            cases=list_cases([one for one, _ in studied.pairs if isinstance(one, str | int | float)], rng),
            ops=(op,),
            names=(_made(op),),
        )


def table(spelling: Spelling, piece: Piece, studied: Studied, rng: random.Random) -> Draft | None:
    """Numbered lines of two columns; None when the second does not take what the first takes.

    Args:
        spelling: How to write it.
        piece: The first column.
        studied: The operation of the second one.
        rng: Of what stands between them.
    """
    op, single = studied.op, piece.things[:-1]
    if not _is_column(studied) or inputs_of_atom(studied)[0] != piece.item or op.key <= piece.ops[0].key:
        return None  # of two tables with the same columns one is enough
    if op.key.rpartition(".")[0] != piece.ops[0].key.rpartition(".")[0]:
        return None  # nobody wants a size in words beside the size's totient
    step, first, second = _step(op, single), piece.names[0], _made(op)
    if not step or first == second:
        return None
    columns = (piece.value, spelling.call(op, single))
    shape = _numbered if rng.random() < NUMBERED else _differing
    name, title, result, told = shape(piece.things, columns, (first, second), rng)
    if "\\" in result or result.count('"') > 2:
        return None
    return compose(
        spelling,
        piece,
        op,
        pattern="column/column",
        name=name,
        title=title,
        result=result,
        steps=(*piece.steps, step, told),
        parameters=piece.parameters,
        cases=piece.cases,
        prior=PRIOR,
        wording=1.0,
    )


_Told = tuple[str, str, str, str]
"""Words for the function's name, title, result, and the step that says what the result is."""


def _numbered(things: str, columns: tuple[str, str], made: tuple[str, str], rng: random.Random) -> _Told:
    sign, told = rng.choice(SEPARATORS)
    line = f"{{number}}. {{{columns[0]}}}{sign}{{{columns[1]}}}"
    return (
        f"{things} with {made[0]} and {made[1]}",
        f"Number the {things}, each with its {made[0]} and its {made[1]}",
        f'[f"{line}" for number, {things[:-1]} in enumerate({things}, 1)]',
        f"Write a line for each, in order: its number, from 1 on, with a full stop and a space, then the {made[0]},"
        f" {told} and the {made[1]}",
    )


def _differing(things: str, columns: tuple[str, str], made: tuple[str, str], _rng: random.Random) -> _Told:
    return (
        f"{things} where {made[0]} is not {made[1]}",
        f"Find the {things} whose {made[0]} is not their {made[1]}",
        f"[({columns[0]}, {columns[1]}) for {things[:-1]} in {things} if {columns[0]} != {columns[1]}]",
        f"Where the two differ, list them as a pair: the {made[0]} and the {made[1]}",
    )


def _is_column(studied: Studied) -> bool:
    op = studied.op
    return (
        op.kind == "atom"
        and op.slot is None
        and not op.options
        and studied.role in ("relabel", "label", "measure")
        and not re.search("random|deprecated", op.api.summary)
    )


def _step(op: Op, single: str) -> str:
    about = imperative(op.api, f"`{single}`", {}, op.argument(op.subject).name)
    return f"For every {single}: {lower_first(in_a_step(about))} (`{op.key}`)" if about else ""


def _made(op: Op) -> str:
    return (result_noun(op.api) or noun(op.api)).replace("`", "")
