"""Reads the API of one Python file with griffe. Static only: nothing of the library is imported or executed.

Names stay as the file sees them; following them through other files is the work of `oracle.names`.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import griffe

from dreamer_app.oracle.facts import Definition, ModuleFacts
from dreamer_app.oracle.model import NodeKind, Parameter
from dreamer_app.oracle.type_atoms import atoms, dotted, is_type_expression

logging.getLogger("griffe").setLevel(logging.CRITICAL)

_KIND_NAMES = {
    "positional-only": "positional_only",
    "positional or keyword": "positional_or_keyword",
    "variadic positional": "var_positional",
    "keyword-only": "keyword_only",
    "variadic keyword": "var_keyword",
}
_PECULIAR = re.compile(r"TYPE_CHECKING|__main__|def __getattr__")
_DEFINITION = re.compile(r"^[ \t]*(?:class|def|async[ \t]+def)[ \t]+(\w+)", re.M)
_TYPE_VARIABLES = {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType"}


def module_name(path: str) -> str:
    """Dotted module name of a file inside a wheel, e.g. `textual/widgets/__init__.py` -> `textual.widgets`."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts and parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def parse_module(path: str, code: str) -> ModuleFacts:
    """Read one file.

    Args:
        path: Inside the wheel, with forward slashes.
        code: Its text.

    Raises:
        SyntaxError: It is not Python of our version.
        ValueError: It holds null bytes.
        RecursionError: Its expressions are nested beyond reason.
    """
    name = module_name(path)
    tree = _visit(name, path, code)
    replaced = _replaced(tree, code)
    if replaced:
        tree = _visit(name, path, _without_imports(code, replaced))
    extra = _Extra(code, name, tree.is_init_module) if _PECULIAR.search(code) else None
    unseen = extra.script_lines if extra is not None else ()
    imports: dict[str, str] = {}
    typing_imports: dict[str, str] = {}
    wildcards: list[str] = []
    for member in tree.members.values():
        if not isinstance(member, griffe.Alias):
            continue
        if member.wildcard:
            wildcards.append(member.wildcard)
        elif member.runtime and not any((member.alias_lineno or 0) in lines for lines in unseen):
            imports[member.name] = member.target_path
        elif extra is not None and member.name in extra.runtime_imports:
            imports[member.name] = extra.runtime_imports[member.name]
        elif not member.runtime:
            typing_imports[member.name] = member.target_path
    return ModuleFacts(
        module=name,
        package=PurePosixPath(path).stem == "__init__",
        stub=path.endswith(".pyi"),
        docstring=tree.docstring.value if tree.docstring else "",
        doc_line=(tree.docstring.lineno or 1) if tree.docstring else 0,
        imports=imports,
        typing_imports=typing_imports,
        wildcards=tuple(wildcards),
        exports=_exports(tree),
        lazy="__getattr__" in tree.members,
        lazy_targets=extra.lazy_targets() if extra is not None and "__getattr__" in code else {},
        definitions=tuple(
            definition for definition in _definitions(tree, "") if not any(definition.line in lines for lines in unseen)
        ),
    )


def _visit(name: str, path: str, code: str) -> griffe.Module:
    return griffe.visit(name.rpartition(".")[2], filepath=Path(path), code=code, parent=_packages(name))


def _replaced(tree: griffe.Module, code: str) -> list[str]:
    """Names that the module defines and that an indented import binds as well."""
    lines = code.splitlines()
    found = []
    for name in set(_DEFINITION.findall(code)) & set(tree.members):
        member = tree.members[name]
        if isinstance(member, griffe.Alias) and lines[(member.alias_lineno or 1) - 1].startswith((" ", "\t")):
            found.append(name)
    return found


def _without_imports(code: str, names: list[str]) -> str:
    """The module without the indented imports that replace its own definitions, line numbers kept.

    An accelerated twin that may be installed or not (`try: from fast import Thing`) must not hide what is documented.
    """
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.col_offset and any(one.name in names for one in node.names):
            kept = [one for one in node.names if (one.asname or one.name) not in names]
            source = ast.unparse(ast.ImportFrom(node.module, kept, node.level)) if kept else "pass"
            end = node.end_lineno or node.lineno
            lines[node.lineno - 1 : end] = [" " * node.col_offset + source] + [""] * (end - node.lineno)
    return "\n".join(lines) + "\n"


def _packages(name: str) -> griffe.Module | None:
    """The chain of enclosing packages, which relative imports are resolved against."""
    parent = None
    for depth, part in enumerate(name.split(".")[:-1], start=1):
        folder = Path(*name.split(".")[:depth])
        parent = griffe.Module(part, filepath=folder / "__init__.py", parent=parent)
    return parent


def _exports(tree: griffe.Module) -> tuple[str, ...] | None:
    if tree.exports is None:
        return None
    return tuple(export if isinstance(export, str) else "@" + dotted(export) for export in tree.exports)


def _definitions(scope: griffe.Module | griffe.Class, prefix: str) -> Iterator[Definition]:
    overloads = scope.overloads
    for name, member in scope.members.items():
        if isinstance(member, griffe.Alias):
            if prefix:
                yield Definition(
                    path=prefix + name,
                    kind=NodeKind.ATTRIBUTE,
                    line=member.alias_lineno or 0,
                    target=member.target_path,
                )
            continue
        if isinstance(member, griffe.Function):
            yield _function(member, prefix, [*(member.overloads or ()), *overloads.get(name, ())])
        elif isinstance(member, griffe.Class):
            yield _class(member, prefix)
            yield from _definitions(member, f"{prefix}{name}.")
        elif isinstance(member, griffe.Attribute):
            yield _attribute(member, prefix)
    for name, functions in overloads.items():
        if name not in scope.members and functions:
            yield _function(functions[0], prefix, functions[1:])


def _shared(member: griffe.Function | griffe.Class | griffe.Attribute) -> dict[str, Any]:
    doc = member.docstring
    return {
        "line": member.lineno or 0,
        "docstring": doc.value if doc else "",
        "doc_line": (doc.lineno or 0) if doc else 0,
        "labels": tuple(sorted(member.labels)),
    }


def _function(member: griffe.Function, prefix: str, overloads: list[griffe.Function]) -> Definition:
    parameters = [_parameter(parameter) for parameter in member.parameters]
    if prefix and "staticmethod" not in member.labels:
        parameters = parameters[1:] if parameters and parameters[0].kind.startswith("positional") else parameters
    returns = list(atoms(member.returns))
    for overload in overloads:
        returns.extend(atom for atom in atoms(overload.returns) if atom not in returns)
        extra = {parameter.name: atoms(parameter.annotation) for parameter in overload.parameters}
        parameters = [
            parameter.model_copy(update={"types": tuple(dict.fromkeys([*parameter.types, *extra[parameter.name]]))})
            if parameter.name in extra
            else parameter
            for parameter in parameters
        ]
    source = str(member.returns) if member.returns is not None else None
    return Definition(
        path=prefix + member.name,
        kind=NodeKind.METHOD if prefix else NodeKind.FUNCTION,
        parameters=tuple(parameters),
        returns=tuple(returns),
        returns_source=source,
        deprecated=bool(member.deprecated) or _decorated_deprecated(member),
        **_shared(member),
    )


def _decorated_deprecated(member: griffe.Function | griffe.Class) -> bool:
    return any("deprecat" in decorator.callable_path.rsplit(".", 1)[-1] for decorator in member.decorators)


def _parameter(parameter: griffe.Parameter) -> Parameter:
    annotation = parameter.annotation
    kind = parameter.kind.value if parameter.kind else "positional or keyword"
    return Parameter(
        name=parameter.name,
        kind=_KIND_NAMES[kind],
        annotation=None if annotation is None else str(annotation),
        default=None if parameter.default is None or "variadic" in kind else str(parameter.default),
        types=atoms(annotation),
    )


def _class(member: griffe.Class, prefix: str) -> Definition:
    labels = set(member.labels)
    for decorator in member.decorators:
        labels.add("@" + decorator.callable_path)
    values = _shared(member)
    values["labels"] = tuple(sorted(labels))
    return Definition(
        path=prefix + member.name,
        kind=NodeKind.CLASS,
        bases=tuple(name for base in member.bases if (name := dotted(base))),
        members=tuple(member.members),
        deprecated=bool(member.deprecated) or _decorated_deprecated(member),
        **values,
    )


def _attribute(member: griffe.Attribute, prefix: str) -> Definition:
    value = member.value
    annotation = member.annotation
    target = None
    alias_of: tuple[str, ...] = ()
    spelled = "" if annotation is None else str(annotation)
    if isinstance(value, griffe.ExprName | griffe.ExprAttribute) and not spelled:
        target = dotted(value)
    elif spelled.endswith("TypeAlias") or (not prefix and not spelled and is_type_expression(value)):
        alias_of = atoms(value)
    values = _shared(member)
    if isinstance(value, griffe.ExprCall) and str(value.function).rpartition(".")[2] in _TYPE_VARIABLES:
        values["labels"] = ("typevar",)
    elif value is not None:
        values["labels"] = tuple(sorted({*member.labels, "value"}))
    return Definition(
        path=prefix + member.name,
        kind=NodeKind.ATTRIBUTE,
        returns=() if alias_of else atoms(annotation),
        returns_source=None if alias_of else spelled or None,
        target=target,
        alias_of=alias_of,
        **values,
    )


class _Extra:
    """What griffe does not tell: script-only lines, run-time imports hidden by typing imports, lazy tables.

    Args:
        code: Of the module.
        module: Its dotted name.
        package: Whether it is an `__init__` file.
    """

    def __init__(self, code: str, module: str, package: bool) -> None:
        self._tree = ast.parse(code)
        self._top = module.split(".", maxsplit=1)[0]
        self._here = module.split(".") if package else module.split(".")[:-1]
        self.script_lines = tuple(
            range(node.lineno, (node.body[-1].end_lineno or node.lineno) + 1)
            for node in self._tree.body
            if isinstance(node, ast.If) and _names(node.test, "__name__")
        )
        self.runtime_imports: dict[str, str] = {}
        for node in self._tree.body:
            if isinstance(node, ast.ImportFrom):
                base = self._absolute("." * node.level + (node.module or ""))
                for name in node.names:
                    self.runtime_imports[name.asname or name.name] = f"{base}.{name.name}"

    def _absolute(self, text: str) -> str:
        if not text.startswith("."):
            return text
        rest = text.lstrip(".")
        climbed = self._here[: len(self._here) - (len(text) - len(rest) - 1)]
        return ".".join([*climbed, *filter(None, [rest])])

    def lazy_targets(self) -> dict[str, str]:
        """Literal tables of lazy imports: `{"Name": ".module"}`, `{"Name": (".module", "a")}`, `{".m": ["Name"]}`."""
        found: dict[str, str] = {}
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.Dict):
                continue
            for key, value in zip(node.keys, node.values, strict=True):
                name = _text(key)
                if name is None:
                    continue
                target = _text(value)
                if target is not None:
                    found.setdefault(name, self._target(target))
                elif isinstance(value, ast.Tuple | ast.List):
                    texts = [text for item in value.elts if (text := _text(item)) is not None]
                    if isinstance(value, ast.Tuple) and len(texts) == 2 and texts[0].startswith("."):
                        found.setdefault(name, f"{self._target(texts[0])}.{texts[1]}")
                    for text in texts:
                        found.setdefault(text, self._target(name))
        return found

    def _target(self, text: str) -> str:
        own = text.startswith(".") or text.split(".", maxsplit=1)[0] == self._top
        return self._absolute(text) if own else ".".join([*self._here, text])


def _names(test: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(test))


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
