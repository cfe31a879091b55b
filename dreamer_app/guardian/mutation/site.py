"""Where a program may be mutated: every node with what surrounds it, without the places nobody can observe.

Docstrings, annotations, imports, `__all__`, messages of raised exceptions and, in applications, texts that are only
decoration are not visited: a mutant there would survive for the wrong reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from dreamer_app.guardian.rewriting import Swap, docstring

DECORATION_NAMES = frozenset({"TITLE", "SUB_TITLE", "CSS_PATH", "__all__"})
"""Class attributes and module names that say how something looks or what it is called."""
DECORATION_KEYWORDS = frozenset({"placeholder", "tooltip", "description", "key_display"})
"""Keyword arguments of applications that only decorate."""


@dataclass(frozen=True)
class Site:
    """One node that may be mutated.

    Attributes:
        node: The node.
        parents: From the module inwards.
        field: Name of the parent's field that it stands in.
        app: Whether the program is an application.
    """

    node: ast.AST
    parents: tuple[ast.AST, ...]
    field: str
    app: bool

    @property
    def parent(self) -> ast.AST:
        """The node around it."""
        return self.parents[-1]

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The innermost function around it."""
        for node in reversed(self.parents):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                return node
        return None


@dataclass(frozen=True)
class Mutation:
    """One change.

    Attributes:
        operator: Name of the operator.
        line: Line of the original source.
        column: Column of the original source.
        swaps: What takes the place of what, by `id()` of the original node.
    """

    operator: str
    line: int
    column: int
    swaps: dict[int, Swap]


def sites(tree: ast.Module, *, app: bool) -> Iterator[Site]:
    """Every node that may be mutated, in source order."""
    yield from _visit(tree, (), "", app)


def _visit(node: ast.AST, parents: tuple[ast.AST, ...], field: str, app: bool) -> Iterator[Site]:
    if parents:
        yield Site(node, parents, field, app)
    text = docstring(node) if isinstance(node, ast.Module | ast.ClassDef | _FUNCTIONS) else None
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "ctx") or _hidden(node, name, app):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and child is not text and not isinstance(child, _NOT_MUTATED):
                yield from _visit(child, (*parents, node), name, app)


_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_NOT_MUTATED = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass, ast.Assert)


def _hidden(node: ast.AST, field: str, app: bool) -> bool:
    match node:
        case ast.Raise():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in DECORATION_NAMES
        case ast.keyword(arg=str(name)):
            return app and name in DECORATION_KEYWORDS
        case ast.JoinedStr():
            return False
        case ast.FormattedValue():
            return field == "format_spec"
    return False
