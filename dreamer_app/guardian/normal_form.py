"""Programs that differ only in names, comments, annotations of variables and import style have the same normal form.

It serves duplicate detection; it is never run and never shown as code.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Mapping

from dreamer_app.guardian.names import bound_names, references
from dreamer_app.guardian.rewriting import bare_copy, docstring, replaced

GRAM = 5
"""Tokens per shingle; five as in the deduplication of code corpora."""

_TOKEN = re.compile(
    r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[A-Za-z_][\w.]*|\d[\w.]*|\*\*|//|[<>=!]=|[^\s\w]""", re.ASCII
)


def same(path: str) -> str:
    """The path itself."""
    return path


def normal_form(
    tree: ast.Module, canonical: Callable[[str], str] = same, known: Mapping[str, str] | None = None
) -> str:
    """Text that is equal for programs which differ in names and dress only.

    Args:
        tree: The program.
        canonical: The one path that stands for all aliases of a library's API.
        known: Names that are used without an import, with the path that they mean.
    """
    swaps: dict[int, ast.AST | None] = {}
    for reference in references(tree):
        swaps[id(reference.node)] = ast.Name(canonical(reference.path), ast.Load())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            swaps[id(node)] = None
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = docstring(node)
            if text is not None:
                swaps[id(text)] = None
    fresh = bare_copy(replaced(tree, swaps))
    return ast.unparse(ast.fix_missing_locations(_Renamer(fresh, known or {}).visit(fresh)))


def shingles(normal: str) -> frozenset[str]:
    """Every run of `GRAM` tokens of a normal form; one shorter run when there are fewer tokens."""
    tokens = _TOKEN.findall(normal)
    return frozenset(" ".join(tokens[start : start + GRAM]) for start in range(max(1, len(tokens) - GRAM + 1)))


def digest(normal: str) -> str:
    """32 hexadecimal digits of a normal form."""
    return hashlib.sha256(normal.encode()).hexdigest()[:32]


class _Renamer(ast.NodeTransformer):
    """Numbers every name that the program binds itself, and drops annotations but those of a class's fields."""

    def __init__(self, tree: ast.Module, known: Mapping[str, str]) -> None:
        methods = {
            id(item)
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        fields = {
            id(target)
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for item in node.body
            for target in ast.walk(item)
            if isinstance(item, ast.Assign | ast.AnnAssign)
        }
        self._kept = methods | fields
        self._own = {name for name, node in bound_names(tree) if id(node) not in self._kept}
        self._known = {name: path for name, path in known.items() if name not in self._own}
        self._numbers: dict[str, str] = {}

    def _rename(self, name: str) -> str:
        if name in self._own and name not in ("self", "cls"):
            return self._numbers.setdefault(name, f"v{len(self._numbers)}")
        return self._known.get(name, name)

    def visit_Name(self, node: ast.Name) -> ast.AST:  # ast dictates these names
        if id(node) not in self._kept:
            node.id = self._rename(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self._rename(node.arg), None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._definition(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._definition(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._definition(node)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        if id(node) not in self._kept:
            node.name = self._rename(node.name)
        if not isinstance(node, ast.ClassDef):
            node.returns = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if id(node.target) in self._kept:
            return node  # what a field of a data class or model takes is what the class does
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._rename(node.name) if node.name else None
        self.generic_visit(node)
        return node
