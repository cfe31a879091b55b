"""The parts that programs are put together from: sources that turn plain input into a list, and their words.

A source knows its code, its inputs and how a person calls what it yields ("articulation points", "slugs"). What is done
with the list is a finisher's matter.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dreamer_app.oracle.model import Api
from dreamer_app.weaver.recorded_weaver.ops import Op, Spelling, wrapped
from dreamer_app.weaver.recorded_weaver.roles import Studied, setup_lines
from dreamer_app.weaver.recorded_weaver.values import distinct, freeze, join, shape, vary_list, vary_text
from dreamer_app.weaver.recorded_weaver.words import (
    computed,
    imperative,
    in_a_step,
    lower_first,
    plural,
    result_noun,
    singular,
    spoken,
)

NODE_NAMES = frozenset({"source", "target", "s", "t", "u", "v", "root", "start", "node", "n"})
_ORDERS = {
    "schedule": re.compile(r"topological|_sort$"),
    "route": re.compile(r"path|tour|circuit"),
    "walk": re.compile(r"order|voterank|walk"),
}
"""What it means that nodes come in this order, by the API's name; a walk means nothing that a task could use."""
_NODE_VALUED = re.compile(r"predecessor|successor|parent|dominator|random", re.IGNORECASE)
_READABLE = {"s": "source", "t": "target", "u": "first", "v": "second", "n": "node"}
_PARAMETER_NAMES = {"nbytes": "sizes", "x": "numbers", "n": "numbers", "text": "texts", "html": "pages"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of the function to write.

    Attributes:
        name: As in the signature.
        annotation: Source text.
        about: What it is, for the task text.
    """

    name: str
    annotation: str
    about: str


@dataclass(frozen=True)
class Piece:
    """Code that turns parameters into a value, with its words.

    Attributes:
        kind: What the value is: `ranking`, `members`, `schedule`, `route`, `walk`, `parts`, `sizes`, `values`, `pairs`,
            `scores`, `measures`, `texts`, `numbers`, `raw`, `counts`, `batches`, `windows` or `column`.
        lines: Statements before.
        value: Expression of the value.
        item: Shape of its items.
        things: What the items are called, plural.
        steps: Sentences without full stops that say how to get there.
        parameters: In order.
        cases: Argument tuples, the documented one first.
        ops: Operations used.
        makers: Further APIs used.
        imports: Further import statements.
        wording: Share of steps that the documentation worded.
        prior: How sensible tasks on such a list usually are, 0 to 1.
        names: Words for the function's name.
        holders: What has the values, for `scores`, `measures` and `counts`, plural.
    """

    kind: str
    lines: tuple[str, ...]
    value: str
    item: str
    things: str
    steps: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    cases: tuple[tuple[Any, ...], ...]
    ops: tuple[Op, ...]
    makers: tuple[Api, ...] = ()
    imports: tuple[str, ...] = ()
    wording: float = 1.0
    prior: float = 0.7
    names: tuple[str, ...] = field(default=())
    holders: str = "nodes"


def graph_sources(spelling: Spelling, studied: Studied, graphs: Sequence[Any], rng: random.Random) -> list[Piece]:
    """What a graph operation offers to finishers; empty when its options cannot be explained to a person."""
    op = studied.op
    if op.maker is None or op.method or op.slot is not None:
        return []
    node_options = [i for i in op.options if _is_node(op, i)]
    if len(node_options) != len(op.options):
        return []
    labels = rng.random() < 0.7
    inputs = [_labelled(graph, labels) for graph in distinct([op.documented, *graphs])]
    node = "str" if labels else "int"
    parameters, cases = _graph_parameters(op, node_options, inputs, node, rng)
    lines, name = setup_lines(spelling, op, "edges")
    compact = len(lines) == 1 and rng.random() < 0.6
    made = lines[0].partition(" = ")[2] if compact else name
    options = {i: _READABLE.get(op.argument(i).name, op.argument(i).name) for i in node_options}
    call = spelling.call(op, made, options)
    words = {op.argument(i).name: f"`{options[i]}`" for i in node_options}
    about = imperative(op.api, "the graph", words, op.argument(op.subject).name)
    what = computed(op.api)
    if _NODE_VALUED.search(op.api.summary):
        return []
    if re.search(r"weighted", op.api.summary) and op.maker[1] != "weighted":
        return []
    step = in_a_step(about) or f"Compute the {what} of the graph"
    base = Piece(
        kind="",
        lines=() if compact else tuple(lines),
        value="",
        item=node,
        things="",
        steps=(f"{step} (`{op.key}`)",),
        parameters=parameters,
        cases=cases,
        ops=(op,),
        makers=(op.maker[0],),
        wording=1.0 if about else 0.4,
        names=tuple(what.split()),
    )
    match studied.role:
        case "scores":
            return _score_pieces(base, call, studied, what)
        case "members":
            ordered = op.wrapper != "sorted" and any(isinstance(value, list) for _, value in studied.pairs)
            value = wrapped(op, call) if ordered else f"sorted({call})"
            things = what if what.endswith("s") else f"nodes of the {what}"
            kinds = [kind for kind, names in _ORDERS.items() if ordered and names.search(op.key)]
            return [replace(base, kind=kinds[0] if kinds else "members", value=value, things=things, prior=0.9)]
        case "parts":
            return _part_pieces(base, call, studied, what, node)
        case "pairs":
            things = what if what.endswith("s") else f"pairs of the {what}"
            return [replace(base, kind="pairs", value=wrapped(op, call), item=f"tuple[{node}, {node}]", things=things)]
    return []


def _is_node(op: Op, index: int) -> bool:
    argument = op.argument(index)
    nodes = {node for edge in op.documented for node in edge[:2]}
    known = isinstance(argument.value, int | str) and not isinstance(argument.value, bool)
    return argument.name in NODE_NAMES and known and (argument.value in nodes or not nodes)


def _graph_parameters(
    op: Op, node_options: Sequence[int], inputs: Sequence[Any], node: str, rng: random.Random
) -> tuple[tuple[Parameter, ...], tuple[tuple[Any, ...], ...]]:
    assert op.maker is not None
    directed = "Di" in op.maker[0].key.rpartition(".")[2]
    multi = " in which two nodes may have several edges" if "Multi" in op.maker[0].key else ""
    sort = ("a directed" if directed else "an undirected") + " graph" + multi
    if op.maker[1] == "weighted":
        number = join(shape(edge[2]) for edge in op.documented)
        annotation = f"list[tuple[{node}, {node}, {number}]]"
        about = f"the edges of {sort}, each as `(node, node, weight)`"
    else:
        annotation = f"list[tuple[{node}, {node}]]"
        about = f"the edges of {sort}, each as a pair of nodes" + (" `(from, to)`" if directed else "")
    parameters = [Parameter("edges", annotation, about)]
    for index in node_options:
        name = _READABLE.get(op.argument(index).name, op.argument(index).name)
        parameters.append(Parameter(name, node, "a node of the graph"))
    cases: list[tuple[Any, ...]] = []
    for edges in inputs:
        nodes = list(dict.fromkeys(end for edge in edges for end in edge[:2]))
        picks = [nodes[0], nodes[-1]] if not cases else rng.sample(nodes, min(2, len(nodes)))
        picks = picks if len(picks) > 1 else picks * 2
        cases.append((edges, *picks[: len(node_options)]))
    return tuple(parameters), tuple(cases)


def _labelled(edges: Any, labels: bool) -> Any:
    nodes = list(dict.fromkeys(end for edge in edges for end in edge[:2]))
    if labels and all(isinstance(node, int) for node in nodes) and len(nodes) <= 26:
        ordered = sorted(nodes)
        names = {node: string.ascii_lowercase[place] for place, node in enumerate(ordered)}
        return [(names[edge[0]], names[edge[1]], *edge[2:]) for edge in edges]
    return edges


def _score_pieces(base: Piece, call: str, studied: Studied, what: str) -> list[Piece]:
    what = singular(what)
    whole = all(isinstance(x, int) for _, value in studied.pairs for x in value.values())
    scores = f"scores = {call}"
    rank = "sorted(scores, key=lambda node: (-scores[node], node))"
    found = [
        replace(
            base,
            kind="ranking",
            lines=(*base.lines, scores),
            value=rank,
            things=f"ranking of nodes by {what}",
            steps=(
                *base.steps,
                "Rank the nodes by that value, highest first; nodes with equal values in ascending order",
            ),
            prior=0.8,
        ),
        replace(
            base,
            kind="scores" if whole else "measures",
            lines=(*base.lines, scores),
            value="scores",
            things=what,
            prior=0.9,
        ),
    ]
    if whole:
        found.append(
            replace(
                base,
                kind="values",
                value=f"{call}.values()",
                item="int",
                things=f"{what} values",
                steps=(*base.steps, "Take the value of every node"),
                prior=0.8,
            )
        )
    return found


def _part_pieces(base: Piece, call: str, studied: Studied, what: str, node: str) -> list[Piece]:
    varied = sum(len({len(part) for part in value}) > 1 for _, value in studied.pairs)
    if not varied:
        return []
    unordered = any(isinstance(part, set | frozenset) for _, value in studied.pairs for part in value)
    name = singular(what).split()[-1] if what.endswith("s") else "part"
    name = name if name.isidentifier() and name not in ("edges", "graph") else "part"
    things = what if what.endswith("s") else f"parts of the {what}"
    inner = f"sorted({name})" if unordered else f"list({name})"
    note = "Write each one as a sorted list of its nodes" if unordered else "Write each one as a list of its nodes"
    return [
        replace(
            base,
            kind="parts",
            value=f"[{inner} for {name} in {call}]",
            item=f"list[{node}]",
            things=things,
            steps=(*base.steps, note),
            prior=0.8,
        ),
        replace(
            base,
            kind="sizes",
            value=f"[len({name}) for {name} in {call}]",
            item="int",
            things=f"sizes of the {things}",
            steps=(*base.steps, "Take the number of nodes in each of them"),
            prior=0.8,
        ),
    ]


def text_sources(spelling: Spelling, studied: Studied, rng: random.Random) -> list[Piece]:
    """What an operation on single texts or numbers offers when it is applied to a list of them."""
    op = studied.op
    if op.kind != "atom" or op.slot is not None or any(isinstance(op.argument(i).value, bool) for i in op.options):
        return []
    parameter = op.argument(op.subject).name
    source, plural_name = inputs_of_atom(studied)
    if not source:
        return []
    single_name = plural_name[:-1]
    if studied.role != "extract" and _one_to_one(studied):
        return []
    good = [one for one, _ in studied.pairs if isinstance(one, str | int | float)]
    cases = list_cases(good, rng)
    call = spelling.call(op, single_name)
    about = imperative(op.api, f"`{single_name}`", {}, parameter)
    if re.search("random|deprecated", op.api.summary) or (studied.role == "measure" and source != "str"):
        return []
    about = f"For every {single_name}: {lower_first(in_a_step(about))}" if about else ""
    made = result_noun(op.api)
    if not made and studied.role in ("relabel", "label"):
        return []  # a task about "strip_ansi results" is nobody's task
    fixed = [f"`{op.argument(i).name}={op.argument(i).value!r}`" for i in op.options]
    note = f" with {', '.join(fixed)}" if fixed else ""
    base = Piece(
        kind="texts",
        lines=(),
        value=f"[{call} for {single_name} in {plural_name}]",
        item=item_of(studied.output),
        things=plural(made),
        steps=((about or f"Turn every {single_name} into its {made}") + note + f" (`{op.key}`)",),
        parameters=(
            Parameter(plural_name, f"list[{source}]", f"a list of {'texts' if source == 'str' else 'numbers'}"),
        ),
        cases=cases,
        ops=(op,),
        wording=1.0 if about else 0.6,
        names=tuple(made.replace("`", "").split()),
    )
    match studied.role:
        case "relabel" | "label":
            return [base]
        case "measure":
            return [replace(base, kind="numbers", things=f"{spoken(op.key)} values", prior=0.6)]
        case "extract":
            name = op.key.rpartition(".")[2]
            if not name.startswith(("find_", "get_")):
                return []
            things = spoken(name).partition(" ")[2]
            flat = f"[part for {single_name} in {plural_name} for part in {call}]"
            step = (about or f"Collect the {things} of every {single_name}, in order") + f" (`{op.key}`)"
            return [replace(base, value=flat, item="str", things=things, steps=(step,), names=tuple(things.split()))]
    return []


def inputs_of_atom(studied: Studied) -> tuple[str, str]:
    """Type and plural name of what an operation on single values works on; empty ones when there are none."""
    op = studied.op
    parameter = op.argument(op.subject).name
    plural_name = _PARAMETER_NAMES.get(parameter, plural(parameter.removesuffix("_string").removesuffix("_text")))
    source = "str" if isinstance(op.documented, str) else join(shape(one) for one, _ in studied.pairs)
    if source not in ("str", "int", "float") or not plural_name.isidentifier() or "_" in plural_name:
        return "", ""
    if plural_name in ("strings", "unders", "camels"):
        plural_name = "names" if plural_name != "strings" else "texts"
    return source, plural_name


def _one_to_one(studied: Studied) -> bool:
    """Whether different inputs always gave different results: then counting or grouping by them is pointless."""
    inputs = {freeze(one) for one, _ in studied.pairs}
    results = {freeze(other) for _, other in studied.pairs}
    return len(results) >= len(inputs)


def item_of(output: str) -> str:
    """The shape of single results; mixed ones are of no use."""
    return output if output in ("str", "int", "float") else "Any"


def list_cases(good: Sequence[Any], rng: random.Random) -> tuple[tuple[Any, ...], ...]:
    """Lists of such texts or numbers, the documented one first."""
    pool = list(good)
    if pool and isinstance(pool[0], str):
        pool = distinct([*pool, *(near for one in pool[:3] for near in vary_text(one, rng)[:3])])
    base = pool[:4]
    return tuple((one,) for one in distinct([base, *vary_list(base, pool, rng, 9)]))


def scored_members(members: Piece, scores: Piece) -> Piece | None:
    """The scores of some nodes only: "articulation points by degree centrality"."""
    same = members.parameters[0] == scores.parameters[0] and members.makers == scores.makers
    if not same or len(members.parameters) > 1 or len(scores.parameters) > 1 or members.ops[0].key == scores.ops[0].key:
        return None
    if not members.things.isascii() or members.things.startswith("nodes of"):
        return None
    found = re.search(r"[\w.]+\(edges\)", " ".join((*members.lines, members.value)))
    if found is None:
        return None
    made = found.group()
    finding = members.value.replace(made, "graph")
    scoring = next(line for line in scores.lines if line.startswith("scores = ")).replace(made, "graph")
    return replace(
        scores,
        lines=(f"graph = {made}", scoring, f"found = {{node: scores[node] for node in {finding}}}"),
        value="found",
        steps=(*members.steps, *scores.steps, "Look only at the value of each of the nodes found first"),
        ops=(*members.ops, *scores.ops),
        holders=members.things,
        cases=members.cases,
        prior=0.95,
    )
