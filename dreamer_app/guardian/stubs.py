"""Solutions that do nothing of use: a suite that such a stub passes proves nothing.

Only rewriting; which share of the tests must notice a stub is the gate's rule.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dreamer_app.guardian.rewriting import Swap, docstring, replaced, source_of, statements
from dreamer_app.sandbox.blind import BlindTests

Function = ast.FunctionDef | ast.AsyncFunctionDef
_CONSTANTS = {
    "none": "return None",
    "zero": "return 0",
    "empty text": "return ''",
    "empty list": "return []",
    "empty dict": "return {}",
    "true": "return True",
    "false": "return False",
    "raise": "raise NotImplementedError",
}


@dataclass(frozen=True)
class Stub:
    """One useless solution.

    Attributes:
        name: What it does instead.
        source: The whole solution.
        share: Part of the tests that must notice it, 0 to 1; at least one must in any case.
    """

    name: str
    source: str
    share: float


FUNCTION_SHARE = 2 / 3
"""Part of the tests that must notice a stub of the entry point: 61 % of the suites measured had a test that a constant
passes, so one such test in three is tolerated, not more."""
PART_SHARE = 0.0
"""An emptied handler or a missing part need not matter to most tests, but to one."""


def stubs(tree: ast.Module, entry_point: str, tests: BlindTests) -> list[Stub]:
    """Every stub of a solution, the most telling first; none when it does not define its entry point.

    Args:
        tree: The solution.
        entry_point: The function or class that is stubbed.
        tests: For the value that they expect most often.
    """
    named = (node for node in tree.body if isinstance(node, Function | ast.ClassDef) and node.name == entry_point)
    entry = next(named, None)
    if entry is None:
        return []
    made = _class_stubs(tree, entry) if isinstance(entry, ast.ClassDef) else _function_stubs(tree, entry, tests)
    original, seen, unique = source_of(tree), set(), []
    for stub in made:
        if stub.source != original and stub.source not in seen:
            seen.add(stub.source)
            unique.append(stub)
    return unique


def _function_stubs(tree: ast.Module, entry: Function, tests: BlindTests) -> Iterator[Stub]:
    bodies = dict(_CONSTANTS)
    arguments = [*entry.args.posonlyargs, *entry.args.args, *entry.args.kwonlyargs]
    if arguments:
        bodies["first argument"] = f"return {arguments[0].arg}"
    usual = most_expected(tests)
    if usual is not None:
        bodies["most expected value"] = f"return {usual}"
    for name, body in bodies.items():
        stubbed = with_body(entry, statements(f"def f():\n    {body}")[0].body)  # type: ignore[attr-defined]
        yield Stub(name, source_of(replaced(tree, {id(entry): stubbed})), FUNCTION_SHARE)


def _class_stubs(tree: ast.Module, entry: ast.ClassDef) -> Iterator[Stub]:
    methods = [node for node in entry.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    empty = ast.ClassDef(entry.name, entry.bases, entry.keywords, [ast.Pass()], [])
    yield Stub("empty class", source_of(replaced(tree, {id(entry): empty})), FUNCTION_SHARE)
    active: dict[int, Swap] = {id(method): None for method in methods if method.name not in ("compose", "__init__")}
    if any(method.name == "compose" for method in methods) and active:
        yield Stub("compose only", source_of(replaced(tree, active)), PART_SHARE)
    for method in methods:
        if method.name not in ("compose", "__init__"):
            idle = with_body(method, [ast.Pass()])
            yield Stub(f"{method.name} does nothing", source_of(replaced(tree, {id(method): idle})), PART_SHARE)


def with_body(function: Function, body: list[ast.stmt]) -> Function:
    """A function with another body and the same docstring."""
    text = docstring(function)
    whole: list[ast.stmt] = [text, *body] if text else list(body)
    if isinstance(function, ast.AsyncFunctionDef):
        return ast.AsyncFunctionDef(function.name, function.args, whole, function.decorator_list, function.returns)
    return ast.FunctionDef(function.name, function.args, whole, function.decorator_list, function.returns)


def most_expected(tests: BlindTests) -> str | None:
    """The literal that the tests expect most often, None when they expect none."""
    literals = [
        repr(expectation.literal)
        for expectation in tests.expectations.values()
        if expectation.kind in ("compare", "approx") and expectation.hidden
    ]
    usable = Counter(text for text in literals if _is_expression(text))
    return usable.most_common(1)[0][0] if usable else None


def _is_expression(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True
