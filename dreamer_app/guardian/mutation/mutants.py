"""Which mutants of a program are run: valid, different from the program and from each other, spread and repeatable.

Equivalence is only claimed where it is certain: a mutant that compiles to the same byte code as the program or as an
earlier mutant is not run. What survives is shown to a person, who may find further equivalent ones.
"""

from __future__ import annotations

import ast
import hashlib
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dreamer_app.guardian.mutation.app_operators import APP_OPERATORS, OBSERVES_STYLE, STYLE_OPERATORS
from dreamer_app.guardian.mutation.operators import OPERATORS, Operator
from dreamer_app.guardian.mutation.site import Mutation, Site, sites
from dreamer_app.guardian.rewriting import difference, replaced, source_of


@dataclass(frozen=True)
class Mutant:
    """One changed program.

    Attributes:
        id: Unique among the mutants of a program, e.g. `m07`.
        operator: Name of the operator.
        line: Line of the original that was changed.
        source: The changed program.
        diff: The changed lines.
    """

    id: str
    operator: str
    line: int
    source: str
    diff: str


def mutants(tree: ast.Module, *, limit: int, seed: int, app: bool = False, tests: str = "") -> list[Mutant]:
    """Choose mutants of a program; the same arguments give the same mutants.

    Args:
        tree: The program.
        limit: At most so many.
        seed: Of the choice.
        app: Whether it is an application.
        tests: Source of its tests, to know what they could observe.
    """
    original = source_of(tree)
    seen = {_code_key(compile(original, "solution.py", "exec", dont_inherit=True))}
    chosen: list[Mutant] = []
    for mutation in _spread(list(_mutations(tree, app=app, styles=bool(OBSERVES_STYLE.search(tests)))), seed):
        if len(chosen) >= limit:
            break
        source = source_of(replaced(tree, mutation.swaps))
        try:
            key = _code_key(compile(source, "solution.py", "exec", dont_inherit=True))
        except (SyntaxError, ValueError):
            continue
        if key not in seen:
            seen.add(key)
            name = f"m{len(chosen):02}"
            chosen.append(Mutant(name, mutation.operator, mutation.line, source, difference(original, source)))
    return chosen


def _mutations(tree: ast.Module, *, app: bool, styles: bool) -> Iterator[Mutation]:
    operators: dict[str, Operator] = dict(OPERATORS)
    if app:
        operators |= APP_OPERATORS
    if app and styles:
        operators |= STYLE_OPERATORS
    for site in sites(tree, app=app):
        decorated = app and _only_style(site)
        for name, operator in operators.items():
            if decorated and name != "style":
                continue
            for replacement in operator(site):
                node = site.node
                line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
                yield Mutation(name, line or getattr(site.parent, "lineno", 0), column, {id(node): replacement})


def _only_style(site: Site) -> bool:
    """Whether a node is a style sheet or the words that describe a key."""
    for node in (*site.parents, site.node):
        match node:
            case ast.Assign(targets=[ast.Name(id="CSS" | "DEFAULT_CSS")]):
                return True
    match site.node, site.parent:
        case ast.Constant(), ast.Tuple(elts=[_, _, last, *_]) if last is site.node:
            return any(isinstance(node, ast.Assign) and _names_bindings(node) for node in site.parents)
        case ast.Constant(), ast.Call(func=ast.Name(id="Binding"), args=[_, _, last, *_]) if last is site.node:
            return True
    return False


def _names_bindings(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "BINDINGS" for target in node.targets)


def _spread(found: list[Mutation], seed: int) -> Iterator[Mutation]:
    """All mutations, so ordered that any first part of them is spread over operators and lines."""
    by_operator: Counter[str] = Counter()
    by_line: Counter[int] = Counter()
    waiting = [mutation for _, mutation in sorted(enumerate(found), key=lambda item: _lot(seed, item[0]))]
    while waiting:
        best = min(waiting, key=lambda item: by_operator[item.operator] + by_line[item.line])
        waiting.remove(best)
        by_operator[best.operator] += 1
        by_line[best.line] += 1
        yield best


def _lot(seed: int, number: int) -> bytes:
    """A repeatable lot, the same in every version of Python."""
    return hashlib.sha256(f"{seed}:{number}".encode()).digest()


def _code_key(code: types.CodeType) -> tuple[object, ...]:
    """What a code object does, without where it came from."""
    constants = tuple(
        _code_key(item) if isinstance(item, types.CodeType) else (type(item).__name__, repr(item))
        for item in code.co_consts
    )
    return (
        code.co_code,
        constants,
        code.co_names,
        code.co_varnames,
        code.co_flags,
        code.co_argcount,
        code.co_freevars,
        code.co_exceptiontable,
    )
