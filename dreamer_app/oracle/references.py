"""Finds what a piece of example code refers to, by reading it.

A reference is a dotted chain in which `()` marks the result of a call: `networkx.Graph().add_edge` is the method
`add_edge` of what calling `networkx.Graph` gives. `app.query(=lib.Input)` is a call that was given the class
`lib.Input`. Imports, assignments, `with`, class bases and annotations are followed inside the piece. What a chain
means is decided by whoever knows the library; nothing is executed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
LOCAL = "?"
"""First part of a chain whose origin is a name that the piece itself does not bind."""


@dataclass
class References:
    """What was found in one piece of code.

    Attributes:
        chains: In order of first use, each once.
        free: Names that are used but not bound by the piece or its predecessors.
        bound: Names bound at the top level of the piece.
        strings: Short string constants, which may name companion files.
    """

    chains: dict[str, None] = field(default_factory=dict)
    free: dict[str, None] = field(default_factory=dict)
    bound: dict[str, str | None] = field(default_factory=dict)
    strings: dict[str, None] = field(default_factory=dict)


def read(tree: ast.Module, known: dict[str, str | None] | None = None) -> References:
    """Read one piece.

    Args:
        tree: Its syntax tree.
        known: Names that earlier pieces of the same page bound, with their chains.
    """
    reader = _Reader(dict(known or {}))
    for node in tree.body:
        if isinstance(node, (*_FUNCTION, ast.ClassDef)):
            reader.scope.setdefault(node.name, None)
    reader.block(tree.body)
    found = reader.found
    found.bound = {name: reader.scope[name] for name in reader.assigned}
    return found


class _Reader:
    """Walks statements in order and keeps the chain of every local name; None means unknown."""

    def __init__(self, scope: dict[str, str | None], found: References | None = None) -> None:
        self.scope = scope
        self.found = found if found is not None else References()
        self.assigned: dict[str, None] = {}

    def note(self, chain: str | None) -> None:
        if chain:
            self.found.chains.setdefault(chain)

    def bind(self, target: ast.expr, chain: str | None) -> None:
        if isinstance(target, ast.Name):
            self.scope[target.id] = chain
            self.assigned[target.id] = None
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self.bind(element, None)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)
        else:
            self.value(target)
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                self.scope[f"{target.value.id}.{target.attr}"] = chain

    def block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.imports(node)
        elif isinstance(node, _FUNCTION):
            self.function(node, None)
        elif isinstance(node, ast.ClassDef):
            self.klass(node)
        elif isinstance(node, ast.Assign):
            chain = self.value(node.value)
            for target in node.targets:
                self.bind(target, chain)
        elif isinstance(node, ast.AnnAssign):
            annotation = self.value(node.annotation)
            chain = self.value(node.value) if node.value else None
            self.bind(node.target, chain or (annotation + "()" if annotation else None))
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.value(node.iter)
            self.bind(node.target, None)
            self.block([*node.body, *node.orelse])
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                chain = self.value(item.context_expr)
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, chain)
            self.block(node.body)
        else:
            self.rest(node)

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for name in node.names:
                module = name.name if name.asname else name.name.split(".")[0]
                self.bind(ast.Name(name.asname or module), module)
            return
        for name in node.names:
            if name.name != "*":
                chain = f"{node.module}.{name.name}" if node.module and not node.level else None
                self.bind(ast.Name(name.asname or name.name), chain)
            elif node.module:
                self.scope[f"*{node.module}"] = node.module

    def rest(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statement(child)
            elif isinstance(child, ast.expr):
                self.value(child)
            elif isinstance(child, ast.ExceptHandler) and child.name:
                caught = self.value(child.type) if child.type else None
                self.bind(ast.Name(child.name), caught + "()" if caught else None)
                self.block(child.body)
            elif isinstance(child, ast.ExceptHandler | ast.match_case | ast.pattern | ast.withitem | ast.keyword):
                self.rest(child)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str | None) -> None:
        for decorator in node.decorator_list:
            self.value(decorator)
        inner = _Reader(dict(self.scope), self.found)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.value(default)
        for index, argument in enumerate([*arguments, *filter(None, (node.args.vararg, node.args.kwarg))]):
            annotation = self.value(argument.annotation) if argument.annotation else None
            chain = annotation + "()" if annotation else None
            if owner is not None and index == 0 and chain is None:
                chain = owner
            inner.bind(ast.Name(argument.arg), chain)
        self.value(node.returns)
        if owner is None:
            self.bind(ast.Name(node.name), None)
            inner.scope[node.name] = None
        inner.block(node.body)
        if owner is not None:
            self.scope.update({name: chain for name, chain in inner.scope.items() if name.startswith("self.")})

    def klass(self, node: ast.ClassDef) -> None:
        bases = [self.value(base) for base in node.bases]
        for keyword in node.keywords:
            self.value(keyword.value)
        for decorator in node.decorator_list:
            self.value(decorator)
        base = next((chain for chain in bases if chain), None)
        self.bind(ast.Name(node.name), base)
        inner = _Reader(dict(self.scope), self.found)
        own = base + "()" if base else None
        for statement in node.body:
            if isinstance(statement, _FUNCTION):
                inner.scope[f"self.{statement.name}"] = None
        for statement in node.body:
            if isinstance(statement, _FUNCTION):
                inner.function(statement, own)
            else:
                inner.statement(statement)
        if base:
            for name in [*inner.assigned, *(one.name for one in node.body if isinstance(one, _FUNCTION))]:
                self.note(f"{base}.{name}")

    def value(self, node: ast.expr | None) -> str | None:
        """The chain of an expression, noting everything that it refers to."""
        match node:
            case ast.Name():
                return self.name(node)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Call():
                return self.call(node)
            case ast.Subscript():
                chain = self.value(node.value)
                self.value(node.slice)
                return chain if chain and not chain.endswith(")") else None
            case ast.Await():
                return self.value(node.value)
            case ast.NamedExpr():
                chain = self.value(node.value)
                self.bind(node.target, chain)
                return chain
            case None:
                return None
            case _:
                self.opaque(node)
                return None

    def call(self, node: ast.Call) -> str | None:
        chain = self.value(node.func)
        given = [self.value(argument) for argument in node.args]
        given += [self.value(keyword.value) for keyword in node.keywords]
        if not chain:
            return None
        named = [one for one in given if one and not one.endswith(")") and not one.startswith(LOCAL)]
        return f"{chain}(={named[0]})" if len(named) == 1 and "(" not in named[0] else f"{chain}()"

    def opaque(self, node: ast.expr) -> None:
        """Expressions whose own value has no chain."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and 0 < len(node.value) < 200:
                self.found.strings.setdefault(node.value)
        elif isinstance(node, ast.Lambda):
            inner = _Reader(dict(self.scope), self.found)
            for parameter in [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]:
                inner.bind(ast.Name(parameter.arg), None)
            inner.value(node.body)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            self.comprehension(node)
        else:
            self.rest(node)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        inner = _Reader(dict(self.scope), self.found)
        for generator in node.generators:
            inner.value(generator.iter)
            inner.bind(generator.target, None)
            for condition in generator.ifs:
                inner.value(condition)
        if isinstance(node, ast.DictComp):
            inner.value(node.key)
            inner.value(node.value)
        else:
            inner.value(node.elt)

    def name(self, node: ast.Name) -> str | None:
        if node.id in self.scope:
            chain = self.scope[node.id]
            if chain and not chain.endswith(")"):
                self.note(chain)
            return chain
        for star in [name for name in self.scope if name.startswith("*")]:
            self.note(f"{self.scope[star]}.{node.id}")
        self.found.free.setdefault(node.id)
        chain = f"{LOCAL}.{node.id}"
        self.note(chain)
        return chain

    def attribute(self, node: ast.Attribute) -> str | None:
        if isinstance(node.value, ast.Name):
            shadow = f"{node.value.id}.{node.attr}"
            if shadow in self.scope:
                return self.scope[shadow]
        chain = self.value(node.value)
        if chain is None:
            return None
        whole = f"{chain}.{node.attr}"
        if isinstance(node.ctx, ast.Load):
            self.note(whole)
        return whole
