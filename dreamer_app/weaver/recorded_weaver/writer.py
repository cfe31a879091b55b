"""Writes the scenario: the text that a person reads, the tests, and the evidence beside them.

Everything that is said about behaviour was recorded; the tests hold at least as many cases that the text does not show
as it shows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dreamer_app.core.types import (
    ApiUse,
    Candidate,
    Knowledge,
    LibraryPin,
    Quote,
    Scenario,
    WovenScenario,
)
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.literals import literal
from dreamer_app.weaver.acceptance import acceptance_tests, shown_examples
from dreamer_app.weaver.measures import difficulty_of, related
from dreamer_app.weaver.naturalness import score
from dreamer_app.weaver.recorded_weaver.clusters import cluster_of
from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.screening import Screened
from dreamer_app.weaver.recorded_weaver.values import shape
from dreamer_app.weaver.recorded_weaver.words import a_list
from dreamer_app.weaver.triviality import ExampleIndex, measure

ORIGIN = "recorded"

_WORDS = {
    "str": ("a string", "strings"),
    "int": ("a whole number", "whole numbers"),
    "float": ("a number", "numbers"),
    "bool": ("`True` or `False`", "truth values"),
    "bytes": ("a byte string", "byte strings"),
    "None": ("`None`", "`None`"),
    "list": ("a list", "lists"),
    "tuple": ("a tuple", "tuples"),
    "dict": ("a dictionary", "dictionaries"),
    "object": ("any value", "values"),
}


def write(
    screened: Screened, knowledge: KnowledgeGraph, pins: Mapping[str, LibraryPin], examples: ExampleIndex, seed: int
) -> WovenScenario:
    """The finished scenario with its reference.

    Raises:
        LiteralError: A recorded value cannot be written down.
    """
    draft = screened.draft
    solution = draft.source(screened.returns)
    libraries = tuple(pins[name] for name in dict.fromkeys(api.library for api in draft.apis))
    relations = related(draft.apis, knowledge)
    parts = {**draft.parts, "relation": 1.0 if relations else 0.5, "inputs": _documented(draft), "size": 1.0}
    triviality = measure(
        solution, examples, necessary_apis=screened.necessary, documented_shapes=_shaped_as_documented(draft)
    )
    scenario = Scenario(
        title=draft.title,
        prompt=_prompt(screened, libraries),
        kind="function",
        entry_point=draft.name,
        signature=draft.signature(screened.returns),
        tests=module_of_tests(screened),
        libraries=libraries,
        uses_api=tuple(ApiUse(name=api.key, library=api.library, kind=_api_kind(api.kind.value)) for api in draft.apis),
        knowledge=Knowledge(
            cluster=cluster_of(draft.apis, list(pins), knowledge),
            nodes=tuple(api.key for api in draft.apis),
            relations=relations,
            quotes=_quotes(draft, knowledge),
            examples=tuple(dict.fromkeys(op.form.example for op in draft.ops)),
        ),
        difficulty=difficulty_of(solution, draft.apis, len(libraries), knowledge),
        naturalness=score(parts),
        triviality=triviality,
        pattern=draft.pattern,
        origin=ORIGIN,
        seed=seed,
    )
    return WovenScenario(scenario=scenario, reference=Candidate(solution=solution, coder=ORIGIN))


def _shaped_as_documented(draft: Draft) -> bool:
    """Whether the first argument of every case has the shape that the documentation shows; node labels are no shape."""
    shown = _without_labels(shape(draft.ops[0].documented))
    allowed = (shown, f"list[{shown}]", "list[_]")
    return all(_without_labels(shape(case[0])) in allowed for case in draft.cases)


def _without_labels(one: str) -> str:
    return re.sub(r"\b(str|int|Any)\b", "_", one)


def _api_kind(kind: str) -> Any:
    return kind


def _prompt(screened: Screened, libraries: Sequence[LibraryPin]) -> str:
    draft = screened.draft
    given = [f"- `{p.name}` (`{p.annotation}`): {p.about}" for p in draft.parameters]
    steps = [f"{number}. {step}." for number, step in enumerate(draft.steps, 1)]
    parts = [
        f"{draft.title}.",
        "Write this function:",
        f"```python\n{draft.signature(screened.returns)}\n    ...\n```",
        "It is given",
        "\n".join(given),
        "and does the following:" if len(steps) > 1 else "and does this:",
        "\n".join(steps),
        f"Return {in_words(screened.returns)}.",
    ]
    rules = _rules(screened)
    if rules:
        parts += ["Edge cases:", "\n".join(f"- {rule}" for rule in rules)]
    shown = shown_examples(draft.name, screened.cases)
    parts += ["For example:" if len(shown) == 1 else "Two examples:", "```python\n" + "\n".join(shown) + "\n```"]
    named = [f"`{pin.name}` {pin.version}" for pin in libraries]
    needed = [f"`{key}`" for key in (api.key for api in draft.apis)]
    parts.append(f"Use {a_list(named)}; the parts that matter are {a_list(needed)}.")
    return "\n\n".join(parts) + "\n"


def _rules(screened: Screened) -> list[str]:
    draft = screened.draft
    rules: list[str] = []
    first = draft.parameters[0].name
    for arguments, value in screened.cases:
        if arguments[0] in ([], {}, "") and not any(rule.startswith("For an empty") for rule in rules):
            rules.append(f"For an empty `{first}` the result is `{literal(value)}`.")
    for arguments, error in screened.errors[:1]:
        rules.append(f"`{draft.name}({', '.join(literal(a) for a in arguments)})` raises `{error}`.")
    return rules


def in_words(text: str) -> str:
    """An annotation in words: `dict[str, list[int]]` becomes "a dictionary of string to list of whole numbers"."""
    return _words(ast.parse(text, mode="eval").body, one=True)


def _words(node: ast.expr, *, one: bool) -> str:
    match node:
        case ast.Constant(value=None):
            return "`None`"
        case ast.Name(id=name):
            return _WORDS.get(name, (f"a `{name}`", f"`{name}`s"))[0 if one else 1]
        case ast.BinOp(left=left, right=right):
            return f"{_words(left, one=one)} or {_words(right, one=one)}"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, value])):
            head = "a dictionary" if one else "dictionaries"
            return f"{head} from {_words(key, one=False)} to {_words(value, one=False)}"
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=parts)):
            head = "a tuple" if one else "tuples"
            kinds = [part for part in parts if not isinstance(part, ast.Constant)]
            if len({ast.unparse(part) for part in kinds}) == 1:
                return f"{head} of {_words(kinds[0], one=False)}"
            return f"{head} `({', '.join(ast.unparse(part) for part in parts)})`"
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            return f"{_WORDS.get(name, (name, name))[0 if one else 1]} of {_words(inner, one=False)}"
    return f"`{ast.unparse(node)}`"


def module_of_tests(screened: Screened) -> str:
    """Source of `test_solution.py`, cases grouped by meaning."""
    return acceptance_tests(screened.draft.name, screened.cases, screened.errors, first="documented_example")


def _documented(draft: Draft) -> float:
    shown = [op.reproduced for op in draft.ops]
    return round(0.5 + 0.5 * sum(shown) / len(shown), 3)


def _quotes(draft: Draft, knowledge: KnowledgeGraph) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for op in draft.ops:
        example = knowledge.example(op.form.example)
        if example is None:
            continue
        text = next((f">>> {s.source}\n{s.want}".strip() for s in example.statements if op.form.call in s.source), "")
        quotes.append(Quote(node=example.key, text=(text or op.api.summary)[:400], sha256=example.sha256))
    return tuple(quotes)
