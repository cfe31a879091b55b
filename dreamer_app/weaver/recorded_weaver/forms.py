"""Reads documented calls out of doctests: which API is called, with what, and what has to run before.

Host side, so it only looks at source text with `ast`: nothing of a library is ever imported here. Whether a call really
works is found out later, in a worker.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Example, NodeKind, Statement

MAX_CONTEXT = 40
"""Statements before a call; longer sessions are stories, not examples."""

_BUILTINS = frozenset(dir(builtins))
_CALLABLE = {NodeKind.FUNCTION, NodeKind.CLASS, NodeKind.METHOD}


@dataclass(frozen=True)
class Argument:
    """One argument of a documented call.

    Attributes:
        name: The API's parameter name; `self` for the receiver of a method.
        keyword: Whether the documentation passes it by name.
        kind: `value` (a literal), `function` (a callable), or `object` (made by the context).
        source: As written.
        value: The literal.
    """

    name: str
    keyword: bool
    kind: Literal["value", "function", "object"]
    source: str
    value: Any = None


@dataclass(frozen=True)
class CallForm:
    """One documented call.

    Attributes:
        key: Unique.
        example: Key of the example that shows it.
        api: What is called, None for a method whose class only the worker can tell.
        method: Name of the method, empty for functions and classes.
        arguments: In the order of the call.
        context: Statements to run before, in order.
        call: Source of the call alone.
        expression: Source of the whole documented expression, empty when its value is not shown.
        want: What the documentation shows for it.
    """

    key: str
    example: str
    api: Api | None
    method: str
    arguments: tuple[Argument, ...]
    context: tuple[str, ...]
    call: str
    expression: str
    want: str


class Names:
    """What the names of one example mean.

    Args:
        knowledge: The graph.
        example: Whose names are asked for.
        owner: The API that the example documents.
    """

    def __init__(self, knowledge: KnowledgeGraph, example: Example, owner: Api | None) -> None:
        self._knowledge = knowledge
        self._owner = owner
        self._library = example.library
        self.modules: dict[str, str] = {}
        self.objects: dict[str, str] = {}
        self.bound: set[str] = set()

    def learn(self, node: ast.stmt) -> None:
        """Take notice of what a statement binds."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".")[0]
                self.modules[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                self.objects[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                self.bound.add(inner.id)
            elif isinstance(inner, ast.FunctionDef | ast.ClassDef):
                self.bound.add(inner.name)

    def api(self, function: ast.expr) -> Api | None:
        """The API that an expression names, None for everything else."""
        dotted = _dotted(function)
        if not dotted:
            return None
        root, _, rest = dotted.partition(".")
        if root in self.objects:
            return self._callable(f"{self.objects[root]}.{rest}" if rest else self.objects[root])
        if root in self.modules:
            return self._callable(f"{self.modules[root]}.{rest}") if rest else None
        if root in self.bound or root in _BUILTINS:
            return None
        return self._guess(dotted)

    def missing_imports(self, tree: ast.AST) -> Iterator[str]:
        """Import statements for names that the documentation takes for granted."""
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
                continue
            name = node.id
            if name in self.bound or name in self.objects or name in self.modules or name in _BUILTINS:
                continue
            found = self._guess(name)
            if found is not None:
                module, _, last = found.key.rpartition(".")
                yield f"from {module} import {last}" + (f" as {name}" if last != name else "")
            elif name == "nx":
                yield "import networkx as nx"

    def _guess(self, dotted: str) -> Api | None:
        if dotted.startswith("nx."):
            return self._callable("networkx." + dotted[3:])
        owner = self._owner
        if owner is not None:
            if owner.key.rpartition(".")[2] == dotted:
                return owner if owner.kind in _CALLABLE else None
            parents = [owner.module, owner.key.rpartition(".")[0], owner.key.partition(".")[0]]
            for parent in parents:
                found = self._callable(f"{parent}.{dotted}")
                if found is not None:
                    return found
        return self._callable(f"{self._library.replace('-', '_')}.{dotted}")

    def _callable(self, dotted: str) -> Api | None:
        found = self._knowledge.api(dotted)
        return found if found is not None and found.kind in _CALLABLE else None


def harvest(knowledge: KnowledgeGraph, example: Example) -> list[CallForm]:
    """Every documented call of one doctest example, in order."""
    if example.form != "doctest":
        return []
    owner = knowledge.api(example.owner) if example.owner else None
    names = Names(knowledge, example, owner)
    context: list[str] = []
    values: dict[str, Any] = {}
    forms: list[CallForm] = []
    setup = [Statement(source=ast.unparse(node)) for node in _parse(example.setup)]
    for number, statement in enumerate((*setup, *example.statements)):
        nodes = _parse(statement.source)
        if not nodes or statement.want.lstrip().startswith("Traceback"):
            continue
        for node in nodes:
            names.learn(node)
            if number >= len(setup) and len(context) <= MAX_CONTEXT:
                for call in _calls(node):
                    form = _form(knowledge, names, call, values)
                    if form is None:
                        continue
                    expression = ast.unparse(node.value) if isinstance(node, ast.Expr) else ""
                    imports = tuple(
                        dict.fromkeys(names.missing_imports(ast.parse("\n".join([*context, statement.source]))))
                    )
                    forms.append(
                        CallForm(
                            key=f"{example.key}/{len(forms)}",
                            example=example.key,
                            api=form[0],
                            method=form[1],
                            arguments=form[2],
                            context=(*imports, *context),
                            call=ast.unparse(call),
                            expression=expression if statement.want else "",
                            want=statement.want,
                        )
                    )
            _remember(node, values)
        context.append(statement.source)
    return forms


def _form(
    knowledge: KnowledgeGraph, names: Names, call: ast.Call, values: Mapping[str, Any]
) -> tuple[Api | None, str, tuple[Argument, ...]] | None:
    api = names.api(call.func)
    method, receiver = "", None
    if api is None:
        if not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)):
            return None
        if call.func.value.id not in names.bound or call.func.attr.startswith("_"):
            return None
        method, receiver = call.func.attr, call.func.value
        api = None
    arguments = [Argument("self", False, "object", ast.unparse(receiver))] if receiver is not None else []
    parameters = [p for p in api.parameters if p.name != "self"] if api else []
    for index, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            return None
        name = _parameter_name(parameters, index)
        arguments.append(_argument(name, False, node, names, values))
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        arguments.append(_argument(keyword.arg, True, keyword.value, names, values))
    del knowledge
    return api, method, tuple(arguments)


def _parameter_name(parameters: list[Any], index: int) -> str:
    positional = [p for p in parameters if p.kind in ("positional_or_keyword", "positional_only", "var_positional")]
    for place, parameter in enumerate(positional):
        if parameter.kind == "var_positional":
            return f"*{parameter.name}"
        if place == index:
            return str(parameter.name)
    return ""


def _argument(name: str, keyword: bool, node: ast.expr, names: Names, values: Mapping[str, Any]) -> Argument:
    source = ast.unparse(node)
    if isinstance(node, ast.Name) and node.id in values:
        return Argument(name, keyword, "value", source, values[node.id])
    found = plain(node)
    if found is not None:
        return Argument(name, keyword, "value", source, found[0])
    if isinstance(node, ast.Lambda) or (isinstance(node, ast.Name) and node.id in _BUILTINS):
        return Argument(name, keyword, "function", source)
    if names.api(node) is not None or source in {"str.lower", "str.upper"}:
        return Argument(name, keyword, "function", source)
    return Argument(name, keyword, "object", source)


def plain(node: ast.expr) -> tuple[Any] | None:
    """The value of a literal, or of a `range`, `list`, `set` or `iter` of literals, as a one-tuple."""
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords and node.args):
        return None
    inner = [plain(argument) for argument in node.args]
    if any(part is None for part in inner):
        return None
    parts = [part[0] for part in inner if part is not None]
    try:
        match node.func.id:
            case "range" if all(isinstance(part, int) and abs(part) <= 100 for part in parts):
                return (list(range(*parts)),)
            case "list" | "iter" | "tuple" if len(parts) == 1:
                return (list(parts[0]),)
            case "set" | "frozenset" if len(parts) == 1:
                return (set(parts[0]),)
            case "dict" if len(parts) == 1:
                return (dict(parts[0]),)
    except (TypeError, ValueError):
        pass
    return None


def _remember(node: ast.stmt, values: dict[str, Any]) -> None:
    """Keep track of names that hold plain values; anything else that touches a name makes it unknown."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        found = plain(node.value)
        if found is not None:
            values[node.targets[0].id] = found[0]
            return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            values.pop(inner.id, None)


def _calls(node: ast.stmt) -> list[ast.Call]:
    if not isinstance(node, ast.Expr | ast.Assign):
        return []
    inside_functions = {
        id(inner) for part in ast.walk(node) if isinstance(part, ast.Lambda) for inner in ast.walk(part)
    }
    return [part for part in ast.walk(node) if isinstance(part, ast.Call) and id(part) not in inside_functions]


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def _parse(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):
        return []
