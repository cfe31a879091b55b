"""Which imported thing does a name mean? Static resolution of dotted paths with Python's scoping rules.

Gates reason about `networkx.shortest_path`, never about whatever alias a module happened to import it under. Nothing is
imported or executed here, and nothing is known about any particular library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, *_COMPREHENSIONS)


@dataclass(frozen=True)
class Import:
    """One imported thing.

    Attributes:
        module: Absolute dotted module, empty for `from . import x`.
        name: What was taken from it, None for `import module`, `*` for everything.
        bound: Local name that it is bound to.
        relative: Whether the module was named relatively.
        line: Where.
    """

    module: str
    name: str | None
    bound: str
    relative: bool
    line: int

    @property
    def path(self) -> str:
        """Dotted path of the thing that the local name means."""
        if self.name is not None:
            return f"{self.module}.{self.name}"
        return self.module if self.bound != self.module.split(".", maxsplit=1)[0] else self.bound


@dataclass(frozen=True)
class Reference:
    """One use of an imported thing.

    Attributes:
        node: The outermost attribute chain (or the bare name).
        path: Its dotted path.
        names: The node of each prefix: `chain[0]` is the root name, `chain[-1]` is `node`.
        root_length: How many parts of the path the root name stands for.
        call: The call whose function it is, if it is one.
        annotation: Whether it stands in a type annotation that nobody runs.
        field: Whether it stands in the annotation of a field in a class's body, which libraries do read.
        store: Whether it is assigned to or deleted.
    """

    node: ast.expr
    path: str
    names: tuple[ast.expr, ...]
    root_length: int
    call: ast.Call | None
    annotation: bool
    field: bool
    store: bool

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.node.lineno


def imports(tree: ast.AST) -> Iterator[Import]:
    """Every imported thing of a module, nested ones included."""
    for node in ast.walk(tree):
        yield from _imports_of(node)


def references(tree: ast.Module) -> list[Reference]:
    """Every use of an imported thing, in source order."""
    finder = _Finder()
    finder.visit(tree)
    return sorted(finder.found, key=lambda reference: (reference.line, reference.node.col_offset))


def bound_names(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every name that is bound anywhere in a tree by anything but an import, with the node that binds it."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Name(ctx=ast.Store() | ast.Del()):
                yield node.id, node
            case ast.arg():
                yield node.arg, node
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node
            case ast.MatchMapping(rest=str(name)):
                yield name, node
            case ast.Global() | ast.Nonlocal():
                yield from ((name, node) for name in node.names)


def dotted(node: ast.AST) -> str | None:
    """The source form of an attribute chain that starts at a name, None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        root = dotted(node.value)
        return f"{root}.{node.attr}" if root else None
    return None


def _imports_of(node: ast.AST) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.split(".", maxsplit=1)[0]
            yield Import(alias.name, None, bound, relative=False, line=node.lineno)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            bound = alias.asname or alias.name
            yield Import(node.module or "", alias.name, bound, relative=node.level > 0, line=node.lineno)


class _Finder(ast.NodeVisitor):
    """Walks a module with a stack of scopes: local name to imported path, or None for any other binding."""

    def __init__(self) -> None:
        self.found: list[Reference] = []
        self._scopes: list[tuple[dict[str, str | None], bool]] = []
        self._annotation = False
        self._field = False
        self._call: ast.Call | None = None

    def visit_Module(self, node: ast.Module) -> None:  # ast dictates these names
        self._scopes.append((_bindings(node.body), False))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: Function) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._defaults_and_annotations(node.args)
        if node.returns:
            self._as_annotation(node.returns)
        self._scopes.append((_bindings(node.body) | _parameters(node.args), False))
        for statement in node.body:
            self.visit(statement)
        self._scopes.pop()

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._defaults_and_annotations(node.args)
        self._scopes.append((_parameters(node.args), False))
        self.visit(node.body)
        self._scopes.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        for base in (*node.bases, *node.keywords):
            self.visit(base)
        self._scopes.append((_bindings(node.body), True))
        for statement in node.body:
            self.visit(statement)
        self._scopes.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if self._scopes[-1][1]:
            self._field = True
            self.visit(node.annotation)
            self._field = False
        else:
            self._as_annotation(node.annotation)
        if node.value:
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        self._call = node
        self.visit(node.func)
        self._call = None
        for child in (*node.args, *node.keywords):
            self.visit(child)

    def visit_Name(self, node: ast.Name) -> None:
        self._resolve(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not self._resolve(node):
            self._call = None
            self.visit(node.value)

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _COMPREHENSIONS):
            targets = {name: None for generator in node.generators for name, _ in bound_names(generator.target)}
            self._scopes.append((dict(targets), False))
            super().generic_visit(node)
            self._scopes.pop()
        else:
            self._call = None
            super().generic_visit(node)

    def _defaults_and_annotations(self, arguments: ast.arguments) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)
        for argument in _all_arguments(arguments):
            if argument.annotation:
                self._as_annotation(argument.annotation)

    def _as_annotation(self, node: ast.expr) -> None:
        before, self._annotation = self._annotation, True
        self.visit(node)
        self._annotation = before

    def _resolve(self, node: ast.Name | ast.Attribute) -> bool:
        chain: list[ast.expr] = [node]
        while isinstance(chain[-1], ast.Attribute):
            chain.append(chain[-1].value)
        root = chain[-1]
        if not isinstance(root, ast.Name):
            return False
        path = self._lookup(root.id)
        if path is None:
            return False
        parts = [link.attr for link in reversed(chain) if isinstance(link, ast.Attribute)]
        call = self._call if self._call is not None and self._call.func is node else None
        self.found.append(
            Reference(
                node=node,
                path=".".join([path, *parts]),
                names=tuple(reversed(chain)),
                root_length=path.count(".") + 1,
                call=call,
                annotation=self._annotation,
                field=self._field,
                store=not isinstance(node.ctx, ast.Load),
            )
        )
        return True

    def _lookup(self, name: str) -> str | None:
        for depth, (names, is_class) in enumerate(reversed(self._scopes)):
            if is_class and depth > 0:
                continue
            if name in names:
                return names[name]
        return None


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    rest = [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def _parameters(arguments: ast.arguments) -> dict[str, str | None]:
    return {argument.arg: None for argument in _all_arguments(arguments)}


def _bindings(body: list[ast.stmt]) -> dict[str, str | None]:
    """What a scope binds itself; a name that is both imported and assigned counts as imported."""
    found: dict[str, str | None] = {}
    imported: dict[str, str | None] = {}
    released: set[str] = set()
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        for item in _imports_of(node):
            imported[item.bound] = item.path
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name] = None
            case ast.Global() | ast.Nonlocal():
                released.update(node.names)
            case ast.Name(ctx=ast.Store()):
                found[node.id] = None
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found[name] = None
        if not isinstance(node, _SCOPES):
            pending.extend(ast.iter_child_nodes(node))
    return {name: path for name, path in (found | imported).items() if name not in released}
