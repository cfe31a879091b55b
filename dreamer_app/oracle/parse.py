"""Reads the API of one Python file with griffe. Static only: nothing of the library is imported or executed.

Names stay as the file sees them; following them through other files is the work of `oracle.names`.
"""

from __future__ import annotations

import ast
import logging
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
    tree = griffe.visit(name.rpartition(".")[2], filepath=Path(path), code=code, parent=_packages(name))
    unseen = _only_as_script(code) if "__main__" in code else ()
    imports: dict[str, str] = {}
    typing_imports: dict[str, str] = {}
    wildcards: list[str] = []
    for member in tree.members.values():
        if isinstance(member, griffe.Alias):
            if member.wildcard:
                wildcards.append(member.wildcard)
            elif any((member.alias_lineno or 0) in lines for lines in unseen):
                continue
            elif member.runtime:
                imports[member.name] = member.target_path
            else:
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
        lazy_targets=_lazy_targets(code, name, tree.is_init_module) if "__getattr__" in code else {},
        definitions=tuple(
            definition for definition in _definitions(tree, "") if not any(definition.line in lines for lines in unseen)
        ),
    )


def _packages(name: str) -> griffe.Module | None:
    """The chain of enclosing packages, which relative imports are resolved against."""
    parent = None
    for depth, part in enumerate(name.split(".")[:-1], start=1):
        folder = Path(*name.split(".")[:depth])
        parent = griffe.Module(part, filepath=folder / "__init__.py", parent=parent)
    return parent


def _only_as_script(code: str) -> tuple[range, ...]:
    """Lines under `if __name__ == "__main__"`: an import never binds what they define."""
    return tuple(
        range(node.lineno, (node.body[-1].end_lineno or node.lineno) + 1)
        for node in ast.parse(code).body
        if isinstance(node, ast.If) and "__name__" in ast.dump(node.test)
    )


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


def _common(member: griffe.Function | griffe.Class | griffe.Attribute) -> dict[str, Any]:
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
        **_common(member),
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
    values = _common(member)
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
    values = _common(member)
    if isinstance(value, griffe.ExprCall) and str(value.function).rpartition(".")[2] in _TYPE_VARIABLES:
        values["labels"] = ("typevar",)
    elif value is not None:
        values["labels"] = tuple(sorted({*member.labels, "value"}))
    return Definition(
        path=prefix + member.name,
        kind=NodeKind.ATTRIBUTE,
        returns=() if alias_of else atoms(annotation),
        returns_source=spelled or None,
        target=target,
        alias_of=alias_of,
        **values,
    )


def _lazy_targets(code: str, module: str, package: bool) -> dict[str, str]:
    """Literal tables of lazy imports: `{"Name": ".module"}` or `{".module": ["Name", ...]}`."""
    here = module if package else module.rpartition(".")[0]

    def absolute(text: str) -> str:
        if not text.startswith("."):
            return text if text.split(".", maxsplit=1)[0] == module.split(".", maxsplit=1)[0] else f"{here}.{text}"
        base = here.split(".")
        rest = text.lstrip(".")
        base = base[: len(base) - (len(text) - len(rest) - 1)]
        return ".".join([*base, *filter(None, [rest])])

    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                continue
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.setdefault(key.value, absolute(value.value))
            elif isinstance(value, ast.Tuple | ast.List):
                texts = [
                    item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)
                ]
                if isinstance(value, ast.Tuple) and len(texts) == 2 and texts[0].startswith("."):
                    found.setdefault(key.value, f"{absolute(texts[0])}.{texts[1]}")
                for text in texts:
                    found.setdefault(text, absolute(key.value))
    return found
