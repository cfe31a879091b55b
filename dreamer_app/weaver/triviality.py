"""Measures that show whether a scenario is more than a copy of one documentation example.

Works on source text only. Similarity is the Jaccard index over 5-grams of tokens, in which a program's own names,
its annotations, imports, comments and layout do not count.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from dreamer_app.core.interpreter import steady
from dreamer_app.core.likeness import LikenessIndex
from dreamer_app.core.types import Triviality
from dreamer_app.oracle.model import Example

GRAM = 5

_TOKEN = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|[A-Za-z_][\w.]*|\d[\w.]*|\*\*|//|[<>=!]=|[^\s\w]")


def grams(source: str) -> frozenset[tuple[str, ...]]:
    """The 5-grams of a program's tokens, in which own names are only numbered; none when it does not parse."""
    try:
        tree = steady(lambda: ast.parse(source))
    except (SyntaxError, ValueError):
        return frozenset()
    tokens = _TOKEN.findall(ast.unparse(_Plain(_own_names(tree)).visit(tree)))
    return frozenset(tuple(tokens[i : i + GRAM]) for i in range(max(1, len(tokens) - GRAM + 1)))


def _own_names(tree: ast.Module) -> frozenset[str]:
    """Names that the program binds itself."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.arg(arg=name):
                found.add(name)
    return frozenset(found)


class _Plain(ast.NodeTransformer):
    """Drops imports, docstrings and annotations, and numbers own names."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self._numbers: dict[str, str] = {}

    def _number(self, name: str) -> str:
        return self._numbers.setdefault(name, f"v{len(self._numbers)}") if name in self._own else name

    def visit_Import(self, _node: ast.Import) -> ast.AST | None:  # ast dictates these names
        return None

    def visit_ImportFrom(self, _node: ast.ImportFrom) -> ast.AST | None:
        return None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        self.generic_visit(node)
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name, node.returns = self._number(node.name), None
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self._number(node.arg), None
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._number(node.id)
        return node


class NearDuplicates:
    """Remembers solutions and refuses those too near to an earlier one.

    Args:
        limit: Similarity from which on two solutions are the same dream.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._seen = LikenessIndex()

    def knows(self, source: str) -> bool:
        """Whether a solution is too near to a remembered one."""
        return self._seen.nearest(grams(source))[1] >= self._limit

    def admit(self, source: str) -> bool:
        """Whether the solution is new; it is remembered when it is."""
        own = grams(source)
        if self._seen.nearest(own)[1] >= self._limit:
            return False
        self._seen.add(str(len(self._seen)), own)
        return True


class ExampleIndex:
    """Documentation examples by their grams, so that the nearest one is found without comparing all of them.

    Args:
        examples: All examples of the libraries under study.
    """

    def __init__(self, examples: Iterable[Example]) -> None:
        self._index = LikenessIndex()
        for example in examples:
            self._index.add(example.key, grams(f"{example.setup}\n{example.code}"))

    def nearest(self, source: str) -> tuple[str | None, float]:
        """The example most similar to a solution, and how similar it is."""
        return self._index.nearest(grams(source))


def measure(
    solution: str, examples: ExampleIndex, *, necessary_apis: Iterable[str], documented_shapes: bool | None
) -> Triviality:
    """Put the evidence together.

    Args:
        solution: Source of the reference solution.
        examples: All documentation examples.
        necessary_apis: API nodes whose ablation changed what was recorded.
        documented_shapes: Whether the inputs have a documented shape; None when not measured.
    """
    nearest, score = examples.nearest(solution)
    return Triviality(
        necessary_apis=tuple(necessary_apis),
        documented_shapes=documented_shapes,
        nearest_example=nearest,
        similarity=round(score, 4),
    )
