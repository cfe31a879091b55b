"""Changed copies of a draft's source: one per API taken away, one per parameter pinned, and a few mutants.

They predict what the proof will do later; they are not the proof and share nothing with it.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from dreamer_app.weaver.recorded_weaver.drafts import Draft

MAX_MUTANTS = 24


@dataclass(frozen=True)
class Changed:
    """One changed source.

    Attributes:
        kind: `ablation`, `parameter` or `mutant`.
        about: Key of the API, name of the parameter, or number of the mutant.
        source: The module.
    """

    kind: str
    about: str
    source: str


def variants(draft: Draft, spelled: dict[str, str]) -> Iterator[Changed]:
    """Every variant of a draft.

    Args:
        draft: The program.
        spelled: How each API is written in it, by key; a method as `.name`.
    """
    source = draft.source()
    for api in draft.apis:
        changed = _without(source, spelled[api.key])
        if changed is not None:
            yield Changed("ablation", api.key, changed)
    for place, parameter in enumerate(draft.parameters):
        for number, value in enumerate(_other_values(draft, place)):
            line = f"    {parameter.name} = {value!r}\n"
            yield Changed("parameter", f"{parameter.name}:{number}", _with_first_line(source, line))
    for number, mutated in enumerate(_mutants(source)):
        if number < MAX_MUTANTS:
            yield Changed("mutant", str(number), mutated)


def _other_values(draft: Draft, place: int) -> list[object]:
    """Two values of a parameter that differ from the documented one."""
    first = repr(draft.cases[0][place])
    found = {repr(case[place]): case[place] for case in draft.cases[1:] if repr(case[place]) != first}
    return list(found.values())[:2]


def _with_first_line(source: str, line: str) -> str:
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    function.body[1:1] = ast.parse(line.strip()).body
    return ast.unparse(tree)


def _without(source: str, name: str) -> str | None:
    """The API replaced by something that hands its first argument through."""
    tree = ast.parse(source)
    remover = _Remover(name)
    tree = remover.visit(tree)
    return ast.unparse(ast.fix_missing_locations(tree)) if remover.found else None


class _Remover(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self._name = name
        self.found = False

    def visit_Call(self, node: ast.Call) -> ast.AST:  # ast dictates the name
        method = self._name.startswith(".")
        if method and isinstance(node.func, ast.Attribute) and node.func.attr == self._name[1:]:
            self.found = True
            return self.visit(node.func.value)
        if not method and ast.unparse(node.func) == self._name:
            self.found = True
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            return self.visit(arguments[0]) if arguments else ast.Constant(None)
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:  # ast dictates the name
        return self._reference(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # ast dictates the name
        if ast.unparse(node) == self._name:
            return self._reference(node)
        self.generic_visit(node)
        return node

    def _reference(self, node: ast.Name | ast.Attribute) -> ast.AST:
        if ast.unparse(node) != self._name or not isinstance(node.ctx, ast.Load):
            return node
        self.found = True
        return ast.parse("lambda value, *rest: value", mode="eval").body


def _mutants(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    places = [node for statement in function.body[1:] for node in ast.walk(statement)]
    for place in range(len(places)):
        for change in range(4):
            fresh = copy.deepcopy(tree)
            target = next(node for node in fresh.body if isinstance(node, ast.FunctionDef))
            node = [inner for statement in target.body[1:] for inner in ast.walk(statement)][place]
            if _mutate(node, change):
                yield ast.unparse(ast.fix_missing_locations(fresh))


def _mutate(node: ast.AST, change: int) -> bool:  # one small table, clearer in one piece
    match node:
        case ast.Constant(value=bool(value)) if change == 0:
            node.value = not value
        case ast.Constant(value=int() | float() as value) if change < 2 and not isinstance(value, bool):
            node.value = value + (1 if change == 0 else -1)
        case ast.Constant(value=str(value)) if change == 0:
            node.value = value + "x"
        case ast.Call(args=[_, *_]) if change == 0 and len(node.args) > 1:
            node.args = node.args[:-1]
        case ast.Call(args=[_, _, *_]) if change == 1:
            node.args[0], node.args[1] = node.args[1], node.args[0]
        case ast.Call(keywords=[_, *_]) if change == 2:
            node.keywords = node.keywords[1:]
        case ast.Call(func=ast.Name(id="sorted")) if change == 3:
            node.keywords = [*node.keywords, ast.keyword("reverse", ast.Constant(True))]
        case ast.Call(func=ast.Name(id="len")) if change == 3:
            node.func = ast.Name("sum", ast.Load())
        case ast.comprehension() if change == 0:
            node.iter = ast.Tuple([], ast.Load())
        case ast.UnaryOp(op=ast.USub()) if change == 0:
            node.op = ast.UAdd()
        case ast.Tuple(elts=[_, _, *_], ctx=ast.Load()) if change == 0:
            node.elts = node.elts[:1]
        case ast.Attribute(attr="values") if change == 0:
            node.attr = "keys"
        case _:
            return False
    return True
