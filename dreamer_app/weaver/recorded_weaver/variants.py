"""Changed copies of a draft's source: one per API taken away, one per parameter pinned, and a few mutants.

They predict what the proof will do later; they are not the proof and share nothing with it.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dreamer_app.weaver.recorded_weaver.drafts import Draft

MAX_MUTANTS = 40


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


def variants(draft: Draft, spelled: Mapping[str, str]) -> Iterator[Changed]:
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
    for number, mutated in enumerate(dict.fromkeys(_mutants(source))):
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
        found: ast.AST
        method = self._name.startswith(".")
        if method and isinstance(node.func, ast.Attribute) and node.func.attr == self._name[1:]:
            self.found = True
            found = self.visit(node.func.value)
            return found
        if not method and ast.unparse(node.func) == self._name:
            self.found = True
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            found = self.visit(arguments[0]) if arguments else ast.Constant(None)
            return found
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:  # ast dictates the name
        if self._named(node.annotation):
            self.found = True
            match node.annotation:
                case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *rest])) if not (
                    self._named(first)
                ):
                    kept = [one for one in rest if not self._named(one)]
                    node.annotation.slice = ast.Tuple([first, *kept], ast.Load())
                    if not kept:
                        node.annotation = first
                case _:
                    node.annotation = ast.Name("object", ast.Load())  # the type of a field that takes everything
        return node

    def _named(self, node: ast.AST) -> bool:
        return any(isinstance(inner, ast.Name) and inner.id == self._name for inner in ast.walk(node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:  # ast dictates the name
        match node:
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Call(func=ast.Name(id=name))):
                if name == self._name:
                    self.found = True
                    return None  # a model without its options
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


def mutant_count(source: str) -> int:
    """How many mutants a program has, roughly; the proof wants a certain number of them."""
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    return sum(_changed(node, change) for node in list(_nodes(function)) for change in range(4))


def _changed(node: ast.AST, change: int) -> bool:
    """Whether there is such a change; the node is as before."""
    before = _fields(node)
    found = _mutate(node, change)
    _restore(node, before)
    return found


def _mutants(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    yield from _without_statements(tree)
    for node in list(_nodes(function)):
        for change in range(4):
            before = _fields(node)
            if _mutate(node, change):
                yield ast.unparse(ast.fix_missing_locations(tree))
            _restore(node, before)


def _fields(node: ast.AST) -> dict[str, object]:
    return {name: list(value) if isinstance(value, list) else value for name, value in ast.iter_fields(node)}


def _restore(node: ast.AST, before: dict[str, object]) -> None:
    for name, value in before.items():
        setattr(node, name, value)


def _without_statements(tree: ast.Module) -> Iterator[str]:
    """One assignment to a parameter less."""
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    own = {argument.arg for argument in function.args.args}
    for place, statement in enumerate(function.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) if name in own:
                fresh = copy.deepcopy(tree)
                target = next(node for node in fresh.body if isinstance(node, ast.FunctionDef))
                del target.body[place]
                yield ast.unparse(fresh)


def _nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    return (inner for statement in function.body[1:] for inner in ast.walk(statement))


def _mutate(node: ast.AST, change: int) -> bool:
    """Change a node in place in one of four ways; whether there was anything to change."""
    match node:
        case ast.Constant():
            return _mutate_constant(node, change)
        case ast.Call():
            return _mutate_call(node, change)
        case ast.Compare(ops=[sign]) if change < 2 and type(sign) in _SIGNS:
            node.ops = [_SIGNS[type(sign)][change]()]
        case ast.comprehension() if change == 0:
            node.iter = ast.Tuple([], ast.Load())
        case ast.comprehension(ifs=[_]) if change in (1, 2):
            node.ifs = [ast.Constant(change == 1)]
        case ast.If() if change < 2:
            node.test = ast.Constant(change == 0)
        case ast.If() if change == 2:
            node.body = [ast.Pass()]
        case ast.Return(value=ast.expr()) if change == 0:
            node.value = ast.Constant(None)
        case ast.Tuple(elts=[_, *_], ctx=ast.Load()) if change == 0:
            node.elts = []
        case ast.BinOp(op=ast.Add()) if change == 0:
            node.op = ast.Sub()
        case ast.Slice(upper=ast.expr()) if change == 0:
            node.upper = None
        case _:
            return False
    return True


_SIGNS: dict[type[ast.cmpop], tuple[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Eq),
    ast.Eq: (ast.NotEq, ast.NotEq),
}


def _mutate_constant(node: ast.Constant, change: int) -> bool:
    match node.value:
        case bool(value) if change == 0:
            node.value = not value
        case int() | float() as value if change < 2 and not isinstance(value, bool):
            node.value = value + (1 if change == 0 else -1)
        case str(value) if change < 2:
            node.value = value + "x" if change == 0 else ""
        case _:
            return False
    return True


def _mutate_call(node: ast.Call, change: int) -> bool:
    match change:
        case 0 if len(node.args) > 1:
            node.args = node.args[:-1]
        case 1 if len(node.args) > 1:
            node.args[0], node.args[1] = node.args[1], node.args[0]
        case 2 if node.keywords:
            node.keywords = node.keywords[1:]
        case 3:
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name == "list":
                node.func = ast.Name("sorted", ast.Load())
            elif name == "sorted":
                node.keywords = [*node.keywords, ast.keyword("reverse", ast.Constant(True))]
            elif name in ("len", "sum", "min", "max"):
                node.func = ast.Name({"len": "sum", "sum": "len", "min": "max", "max": "min"}[name], ast.Load())
            else:
                return False
        case _:
            return False
    return True
