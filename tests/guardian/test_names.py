"""Which imported thing a name means."""

from __future__ import annotations

import ast

import pytest

from dreamer_app.guardian.names import bound_names, imports, references


def paths(source: str) -> list[str]:
    return [reference.path for reference in references(ast.parse(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import networkx as nx\nnx.Graph()", ["networkx.Graph"]),
        ("import networkx.algorithms\nnetworkx.algorithms.flow", ["networkx.algorithms.flow"]),
        ("import networkx.algorithms as a\na.flow", ["networkx.algorithms.flow"]),
        ("from toolz import groupby as by\nby(1)", ["toolz.groupby"]),
        ("from toolz import first\ndef f(first):\n    return first", []),
        ("from toolz import first\ndef f():\n    first = 1\n    return first", []),
        ("from toolz import first\n[first for first in ()]", []),
        ("from toolz import first\nlambda first: first", []),
        ("from toolz import first\ndef f():\n    return [first(x) for x in ()]", ["toolz.first"]),
        ("def f():\n    from toolz import first\n    return first\nfirst", ["toolz.first"]),
        ("from toolz import first\nclass C:\n    first = 1\n    def m(self):\n        return first", ["toolz.first"]),
        ("from toolz import first\ndef f():\n    global first\n    first = 2", ["toolz.first"]),
        ("import toolz\ndef f():\n    try:\n        pass\n    except toolz.Wrong as toolz:\n        pass", []),
    ],
)
def test_references_follow_the_scopes(source: str, expected: list[str]) -> None:
    assert paths(source) == expected


def test_a_reference_knows_where_it_stands() -> None:
    tree = ast.parse(
        "import a\nclass C(a.Base):\n    x: a.Note = a.make(1)\n"
        "    def f(self, y: a.Arg) -> a.Out:\n        a.b.c = 2\n"
    )
    found = {reference.path: reference for reference in references(tree)}
    assert {path for path, item in found.items() if item.annotation} == {"a.Arg", "a.Out"}
    assert {path for path, item in found.items() if item.field} == {"a.Note"}
    assert found["a.make"].call is not None and found["a.Base"].call is None
    assert [path for path, item in found.items() if item.store] == ["a.b.c"]


def test_a_call_inside_of_arguments_is_not_the_outer_call() -> None:
    found = {item.path: item for item in references(ast.parse("import a\na.f(a.g, x=a.h(1))"))}
    assert found["a.f"].call is not None and found["a.h"].call is not None
    assert found["a.g"].call is None


def test_imports_are_described() -> None:
    found = list(imports(ast.parse("import os.path\nimport a.b as c\nfrom . import d\nfrom e import f as g, h")))
    assert [(item.path, item.bound, item.relative) for item in found] == [
        ("os", "os", False),
        ("a.b", "c", False),
        (".d", "d", True),
        ("e.f", "g", False),
        ("e.h", "h", False),
    ]


def test_every_kind_of_binding_is_seen() -> None:
    source = """
a = 1
b: int = 2
for c in (): pass
with x as d: pass
def e(f, *g, h=1, **i): pass
class j: pass
try: pass
except E as k: pass
(l := 3)
match 1:
    case {"m": m, **n}: pass
    case [o, *p]: pass
    case q: pass
[r for r in ()]
del s
"""
    assert {name for name, _ in bound_names(ast.parse(source))} == set("abcdefghijklmnopqrs")
