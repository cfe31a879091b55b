"""What each observation of a test module looks at, as source text, for people and for whoever repairs."""

from __future__ import annotations

import ast


def expressions(tests: str) -> dict[str, str]:
    """The expression behind each observation identifier of the blind form.

    Raises:
        SyntaxError: The module does not parse.
    """
    found: dict[str, str] = {}
    for node in ast.parse(tests).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            _Looker(node.name, found).visit(node)
    return found


class _Looker(ast.NodeVisitor):
    """Numbers observations in the order in which the blind form does."""

    def __init__(self, test: str, found: dict[str, str]) -> None:
        self._test = test
        self._found = found
        self._number = 0

    def visit_Assert(self, node: ast.Assert) -> None:  # ast dictates these names
        looked_at = node.test.left if isinstance(node.test, ast.Compare) else node.test
        self._note(ast.unparse(looked_at))

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            if ast.unparse(item.context_expr).startswith("pytest.raises"):
                self._note("; ".join(ast.unparse(one) for one in node.body))
        self.generic_visit(node)

    def _note(self, text: str) -> None:
        self._found[f"{self._test}:{self._number}"] = text
        self._number += 1
