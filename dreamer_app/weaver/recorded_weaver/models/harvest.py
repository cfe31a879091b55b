"""Reads documented field types and model options out of documentation examples.

Host side, so it only looks at source text with `ast`. What a type takes and refuses is found out later, in a worker.
"""

from __future__ import annotations

import ast
import builtins
import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Example

LIBRARY = "pydantic"
MODEL = "BaseModel"
CONFIG = "ConfigDict"
PLAIN_MODULES = ("typing", "decimal", "datetime", "uuid", "enum", "fractions")
"""Modules of the standard library that an annotation may name."""
_UNFIT = re.compile(
    r"\b(path|file|directory|past|future|now|import|secret|postgres|sql|mongo|redis|kafka|json schema)", re.IGNORECASE
)
"""Types that look at files or at the clock, run code, hide their value, name servers, or only describe."""


@dataclass(frozen=True)
class FieldForm:
    """One documented type of a field.

    Attributes:
        annotation: Source text, aliases of the example written out.
        imports: Statements that it needs, each for one name.
        api: What gives it its meaning.
        example: Key of the example that shows it.
        values: Literals that the example gives it.
    """

    annotation: str
    imports: tuple[str, ...]
    api: Api
    example: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class OptionForm:
    """One documented option of a model's configuration.

    Attributes:
        name: Keyword.
        value: Source of its value, a literal.
        api: The option.
        example: Key of the example that shows it.
    """

    name: str
    value: str
    api: Api
    example: str


def field_forms(examples: Sequence[Example], knowledge: KnowledgeGraph) -> list[FieldForm]:
    """Every documented type once, in the order of the documentation."""
    found: dict[str, FieldForm] = {}
    for example in examples:
        for form in _fields(example, knowledge):
            found.setdefault(form.annotation, form)
    return list(found.values())


def option_forms(examples: Sequence[Example], knowledge: KnowledgeGraph) -> list[OptionForm]:
    """Every documented option with a literal value once, in the order of the documentation."""
    found: dict[tuple[str, str], OptionForm] = {}
    for example in examples:
        for node in ast.walk(_parsed(example)):
            match node:
                case ast.Call(func=ast.Name(id=name), keywords=keywords) if name == CONFIG:
                    pass
                case ast.ClassDef(keywords=keywords, bases=[ast.Name(id=name)]) if name == MODEL:
                    pass
                case _:
                    continue
            for keyword in keywords:
                api = knowledge.api(f"{LIBRARY}.{CONFIG}.{keyword.arg}")
                if api is not None and not api.deprecated and isinstance(keyword.value, ast.Constant):
                    form = OptionForm(api.key.rpartition(".")[2], ast.unparse(keyword.value), api, example.key)
                    found.setdefault((form.name, form.value), form)
    return list(found.values())


def _parsed(example: Example) -> ast.Module:
    try:
        return ast.parse(f"{example.setup}\n{example.code}")
    except SyntaxError:
        return ast.Module([], [])


def _fields(example: Example, knowledge: KnowledgeGraph) -> Iterator[FieldForm]:
    tree = _parsed(example)
    names = _Names(tree)
    given = _given(tree)
    for node in tree.body:
        if not (isinstance(node, ast.ClassDef) and any(ast.unparse(base) == MODEL for base in node.bases)):
            continue
        for item in node.body:
            if not (isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)):
                continue
            annotation = names.written_out(item.annotation)
            imports = names.imports(annotation)
            api = _meaning(imports, knowledge) if imports is not None else None
            if api is None or _UNFIT.search(f"{api.key} {api.summary}"):
                continue
            yield FieldForm(
                ast.unparse(annotation), imports or (), api, example.key, given.get((node.name, item.target.id), ())
            )


def _meaning(imports: Sequence[str], knowledge: KnowledgeGraph) -> Api | None:
    """The library's API behind an annotation; a type says more than the function `Field`."""
    found = []
    for line in imports:
        module, _, name = line.removeprefix("from ").partition(" import ")
        if module.partition(".")[0] == LIBRARY:
            api = knowledge.api(f"{module}.{name}")
            if api is None or api.deprecated:
                return None
            found.append(api)
    return min(found, key=lambda api: api.key == f"{LIBRARY}.Field") if found else None


class _Names:
    """What the names of an example mean: imports, and aliases at its top."""

    def __init__(self, tree: ast.Module) -> None:
        self._imported: dict[str, str] = {}
        self._modules: dict[str, str] = {}
        self._aliases: dict[str, ast.expr] = {}
        for node in tree.body:
            match node:
                case ast.ImportFrom(module=str(module), level=0):
                    self._imported |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
                case ast.Import():
                    self._modules |= {alias.asname or alias.name: alias.name for alias in node.names}
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._aliases[name] = value

    def written_out(self, annotation: ast.expr) -> ast.expr:
        """The annotation with the aliases of the example in their own words."""
        found: ast.expr = _Aliases(self._aliases, self._modules).visit(copy.deepcopy(annotation))
        return found

    def imports(self, annotation: ast.expr) -> tuple[str, ...] | None:
        """The statements that an annotation needs; None when it names something that cannot be imported."""
        needed: dict[str, None] = {}
        for node in ast.walk(annotation):
            if not isinstance(node, ast.Name) or hasattr(builtins, node.id):
                continue
            path = self._imported.get(node.id)
            if path is None and node.id[:1].isupper() and self._modules.get(LIBRARY):
                path = f"{LIBRARY}.{node.id}"  # `pydantic.Field` was written out as `Field`
            module, _, name = (path or "").rpartition(".")
            if name != node.id or module.partition(".")[0] not in (LIBRARY, *PLAIN_MODULES):
                return None
            needed[f"from {module} import {name}"] = None
        return tuple(needed)


class _Aliases(ast.NodeTransformer):
    def __init__(self, aliases: dict[str, ast.expr], modules: dict[str, str]) -> None:
        self._aliases = aliases
        self._modules = modules

    def visit_Name(self, node: ast.Name) -> ast.AST:  # ast dictates these names
        value = self._aliases.get(node.id)
        return self.visit(copy.deepcopy(value)) if value is not None else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and self._modules.get(node.value.id) == LIBRARY:
            return ast.copy_location(ast.Name(node.attr, ast.Load()), node)
        return self.generic_visit(node)


def _given(tree: ast.Module) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The literals that an example gives to fields, by class and field."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for keyword in node.keywords:
                try:
                    value = ast.literal_eval(keyword.value)
                except (ValueError, SyntaxError):
                    continue
                if keyword.arg:
                    key = (node.func.id, keyword.arg)
                    found[key] = (*found.get(key, ()), value)
    return found
