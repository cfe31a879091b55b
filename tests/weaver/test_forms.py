from __future__ import annotations

import ast

import pytest

from dreamer_app.weaver.recorded_weaver.forms import harvest, plain
from tests.weaver.graph import MORE, TOOLZ, DocstringGraph, example


def test_arguments_get_the_names_of_the_parameters_and_the_values_of_earlier_names() -> None:
    graph = DocstringGraph()
    found = graph.example("example:toolz:toolz.groupby#0")
    assert found is not None
    (form,) = harvest(graph, found)
    assert form.api is not None
    assert form.api.key == "toolz.groupby"
    assert [(a.name, a.kind) for a in form.arguments] == [("key", "function"), ("seq", "value")]
    assert form.arguments[1].value == ["Alice", "Bob", "Charlie", "Dan", "Edith", "Frank"]
    assert form.want.startswith("{5: ['Alice'")


def test_what_the_documentation_takes_for_granted_is_imported() -> None:
    graph = DocstringGraph()
    found = graph.example("example:more-itertools:more_itertools.chunked#0")
    assert found is not None
    (form,) = harvest(graph, found)
    assert form.context == ("from more_itertools import chunked",)


def test_a_name_that_was_bound_again_is_not_the_api() -> None:
    doc = ">>> def chunked(a, n): return a\n>>> chunked([1], 2)\n[1]"
    assert harvest(DocstringGraph(), example(MORE, "more_itertools.chunked", doc)) == []


def test_a_value_that_changed_meanwhile_is_not_a_literal_any_more() -> None:
    doc = ">>> xs = [1]\n>>> for xs in ([1], [2]): pass\n>>> frequencies(xs)\n{2: 1}"
    (form,) = harvest(DocstringGraph(), example(TOOLZ, "toolz.frequencies", doc))
    assert form.arguments[0].kind == "object"


def test_documented_errors_are_no_calls_to_build_on() -> None:
    doc = ">>> frequencies(3)\nTraceback (most recent call last):\n    ...\nTypeError: no\n"
    graph = DocstringGraph()
    broken = example(TOOLZ, "toolz.frequencies", doc)
    failing = broken.model_copy(
        update={"statements": (broken.statements[0].model_copy(update={"want": "Traceback (most recent call last):"}),)}
    )
    assert harvest(graph, failing) == []


@pytest.mark.parametrize(
    ("source", "value"),
    [("range(3)", [0, 1, 2]), ("set([1, 2])", {1, 2}), ("iter('ab')", ["a", "b"]), ("[1, (2,)]", [1, (2,)])],
)
def test_plain_values(source: str, value: object) -> None:
    found = plain(ast.parse(source, mode="eval").body)
    assert found == (value,)


@pytest.mark.parametrize("source", ["open('x')", "range(10**9)", "name", "range(n)"])
def test_everything_else_is_not_plain(source: str) -> None:
    assert plain(ast.parse(source, mode="eval").body) is None
