"""Mutation operators for applications that are driven through a pilot: what a forgetful author leaves out.

| Operator | Change |
| --- | --- |
| compose | one `yield` of `compose` dropped |
| binding | one entry of `BINDINGS` dropped |
| handler | a handler does nothing |
| style | one number or keyword of a `CSS` text changed, only when the tests look at styles or sizes |

Dropped statements inside handlers come from the general operators.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from dreamer_app.guardian.mutation.site import Site
from dreamer_app.guardian.rewriting import docstring

OBSERVES_STYLE = re.compile(r"\.(styles|size|region|outer_size|content_size|virtual_size|display|visible)\b")
"""What a test that looks at the effect of a style sheet reads."""
_DECLARATION = re.compile(r"(:\s*)(\d+)")


def compose(site: Site) -> Iterator[ast.AST | None]:
    """One widget is not there."""
    if isinstance(site.node, ast.Expr) and isinstance(site.node.value, ast.Yield | ast.YieldFrom):
        function = site.function
        yields = [n for n in ast.walk(function) if isinstance(n, ast.Yield | ast.YieldFrom)] if function else []
        if len(yields) > 1:
            yield None


def binding(site: Site) -> Iterator[ast.AST | None]:
    """One key does nothing."""
    match site.node, site.parent:
        case ast.List(elts=items), ast.Assign(targets=[ast.Name(id="BINDINGS")]) | ast.AnnAssign(
            target=ast.Name(id="BINDINGS")
        ):
            for place in range(len(items)):
                yield ast.List(items[:place] + items[place + 1 :], ast.Load())


def handler(site: Site) -> Iterator[ast.AST | None]:
    """A method of a class does nothing."""
    node = site.node
    if not isinstance(site.parent, ast.ClassDef) or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    if node.name.startswith(("on_", "action_", "watch_", "key_", "compute_", "validate_", "_on_")) or any(
        ast.unparse(decorator).startswith("on(") for decorator in node.decorator_list
    ):
        text = docstring(node)
        body: list[ast.stmt] = [text] if text else []
        kind = ast.FunctionDef if isinstance(node, ast.FunctionDef) else ast.AsyncFunctionDef
        yield kind(node.name, node.args, [*body, ast.Pass()], node.decorator_list, node.returns)


def style(site: Site) -> Iterator[ast.AST | None]:
    """One number of the style sheet is doubled and increased."""
    match site.node, site.parent:
        case ast.Constant(value=str(text)), ast.Assign(targets=[ast.Name(id="CSS" | "DEFAULT_CSS")]):
            for found in _DECLARATION.finditer(text):
                changed = str(int(found[2]) * 2 + 1)
                yield ast.Constant(text[: found.start(2)] + changed + text[found.end(2) :])


APP_OPERATORS = {"compose": compose, "binding": binding, "handler": handler}
STYLE_OPERATORS = {"style": style}
