"""Changed copies of a syntax tree: every variant of a solution is made here, on the host, and run elsewhere.

The original tree is never touched, so one parse serves every mutant, stub and ablation. Nothing is executed.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

Swap = ast.AST | Sequence[ast.AST] | None
"""What takes a node's place: another node, several statements, or nothing."""

Tree = TypeVar("Tree", bound=ast.AST)


def replaced(tree: Tree, swaps: Mapping[int, Swap]) -> Tree:
    """Copy a tree with some nodes exchanged; only the changed branches are copied.

    Args:
        tree: The root, which cannot be exchanged itself.
        swaps: By `id()` of the node. A body that would be left empty gets a `pass`.
    """
    changes: dict[str, Any] = {}
    for field, value in ast.iter_fields(tree):
        if isinstance(value, ast.AST):
            fresh: Any = swaps[id(value)] if id(value) in swaps else replaced(value, swaps)
        elif isinstance(value, list):
            fresh = _replaced_items(value, swaps)
            if field == "body" and not fresh and value:
                fresh = [ast.Pass()]
        else:
            continue
        if fresh is not value:
            changes[field] = fresh
    if not changes:
        return tree
    result = copy.copy(tree)
    for field, fresh in changes.items():
        setattr(result, field, fresh)
    return result


def _replaced_items(items: list[Any], swaps: Mapping[int, Swap]) -> list[Any]:
    result: list[Any] = []
    changed = False
    for item in items:
        if not isinstance(item, ast.AST):
            result.append(item)
            continue
        fresh = swaps[id(item)] if id(item) in swaps else replaced(item, swaps)
        changed = changed or fresh is not item
        if isinstance(fresh, ast.AST):
            result.append(fresh)
        elif fresh is not None:
            result.extend(fresh)
    return result if changed else items


def bare_copy(tree: Tree) -> Tree:
    """A copy that shares nothing with the original and has no positions: a tenth of what `copy.deepcopy` costs."""
    fresh: Tree = type(tree).__new__(type(tree))
    for field in tree._fields:
        value = getattr(tree, field, None)
        if isinstance(value, ast.AST):
            value = bare_copy(value)
        elif isinstance(value, list):
            value = [bare_copy(item) if isinstance(item, ast.AST) else item for item in value]
        setattr(fresh, field, value)
    return fresh


def source_of(tree: ast.Module) -> str:
    """Source text of a tree, with one line break at its end."""
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def statements(source: str) -> list[ast.stmt]:
    """The statements of a piece of source that we wrote ourselves."""
    return ast.parse(source).body


def with_prelude(tree: ast.Module, prelude: list[ast.stmt]) -> ast.Module:
    """Put statements after the docstring and the `__future__` imports of a module."""
    head = 1 if docstring(tree) is not None else 0
    while head < len(tree.body) and is_future(tree.body[head]):
        head += 1
    return ast.Module([*tree.body[:head], *prelude, *tree.body[head:]], tree.type_ignores)


def is_future(node: ast.stmt) -> bool:
    """Whether a statement is a `from __future__ import ...`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> ast.Expr | None:
    """The statement that is a body's docstring."""
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    return None


def difference(before: str, after: str) -> str:
    """The changed lines only, each with `-` or `+` in front."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
