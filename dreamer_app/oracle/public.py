"""Turns a linked namespace into API nodes: canonical public path, aliases, signature, documentation.

The canonical key of a definition is the shortest dotted path whose module part can be imported and that no underscore
marks as private. Does not read files and does not know examples.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from dreamer_app.oracle import docstrings
from dreamer_app.oracle.facts import Definition
from dreamer_app.oracle.model import Api, NodeKind, Parameter
from dreamer_app.oracle.names import Meaning, Namespace
from dreamer_app.oracle.stated_types import stated_atoms

_CALLABLE = {NodeKind.FUNCTION, NodeKind.METHOD}
_DATACLASS = {"@dataclasses.dataclass", "@dataclass", "@attr.s", "@attrs.define", "@attr.define", "@attrs.frozen"}


def is_private(dotted: str) -> bool:
    """Whether a part of a dotted path starts with one underscore; special methods are not private."""
    return any(
        part.startswith("_") and not (part.startswith("__") and part.endswith("__")) for part in dotted.split(".")
    )


@dataclass
class PublicApi:
    """The API nodes of one library with the ways to find them.

    Attributes:
        apis: By key.
        key_of: Key by defining path, for everything that has one.
        protocols: Names that each protocol class asks for, by key.
        members: Names that each class body binds, by key.
        spoken: What prose calls the main classes.
    """

    apis: dict[str, Api] = field(default_factory=dict)
    key_of: dict[str, str] = field(default_factory=dict)
    protocols: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)


def public_paths(space: Namespace) -> dict[str, list[str]]:
    """Dotted paths of every offered definition, by defining path, best first."""
    paths: dict[str, set[str]] = defaultdict(set)
    for module in space.modules:
        if is_private(module) or module.endswith("__main__"):
            continue
        for name in space.exports(module):
            meaning = space.resolve(f"{module}.{name}")
            if meaning is not None and meaning.definition is not None and not name.startswith("__"):
                paths[meaning.path].add(f"{module}.{name}")

    def rank(path: str, defining: str) -> tuple[int, int, bool, str]:
        renamed = path.rpartition(".")[2] != defining.rpartition(".")[2]
        return (int(renamed), path.count("."), path != defining, path)

    return {defining: sorted(found, key=lambda path: rank(path, defining)) for defining, found in paths.items()}


def build(space: Namespace, library: str, files: dict[str, str]) -> PublicApi:
    """All API nodes of a library.

    Args:
        space: Its linked modules.
        library: Distribution name.
        files: File of each module.
    """
    result = PublicApi()
    paths = public_paths(space)
    incidental = _incidental(space)
    for defining, found in sorted(paths.items()):
        result.key_of[defining] = found[0]
        meaning = space.resolve(found[0])
        assert meaning is not None
        if meaning.definition is not None and meaning.definition.kind is NodeKind.CLASS:
            _members(meaning, found[0], result)
    for defining, key in sorted(result.key_of.items()):
        meaning = space.resolve(defining)
        if meaning is None or meaning.definition is None:
            continue
        found = paths.get(defining, [key])
        aliases = tuple(
            dict.fromkeys([*found[1:], *([defining] if defining != key else []), *incidental.get(defining, ())])
        )
        api = _api(space, result, meaning, key=key, library=library, file=files.get(meaning.module, ""))
        if api is not None:
            result.apis[key] = api.model_copy(update={"aliases": tuple(alias for alias in aliases if alias != key)})
    result.apis |= _foreign(space, library, files, set(result.apis))
    _resolve_see_also(space, result)
    return result


def _foreign(space: Namespace, library: str, files: dict[str, str], known: set[str]) -> dict[str, Api]:
    """What a library offers by name although another one defines it (`pydantic.ValidationError`), by key.

    What it is can only be guessed from its spelling; a class has what it really is as its base, of which nothing is
    known.
    """
    found: dict[str, Api] = {}
    for module in sorted(space.modules, key=lambda name: (name.count("."), name)):
        if is_private(module) or space.modules[module].exports is None:
            continue
        for name in space.exports(module):
            key = f"{module}.{name}"
            meaning = space.resolve(key)
            if is_private(name) or name.startswith("__") or key in known or (meaning and not meaning.external):
                continue
            target = meaning.external if meaning else name
            kind = NodeKind.CLASS if name[:1].isupper() and not name.isupper() else NodeKind.ATTRIBUTE
            found[key] = Api(
                key=key, library=library, kind=kind, bases=(target,) if kind is NodeKind.CLASS else (),
                module=module, file=files.get(module, ""),
            )  # fmt: skip
    return found


def _incidental(space: Namespace) -> dict[str, list[str]]:
    """Other names of run-time bindings: what a module merely imports can be imported from it all the same."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in sorted(space.modules):
        if is_private(module):
            continue
        for name, target in sorted(space.bindings(module).items()):
            if target != f"{module}.{name}" and space.owns(target) and not is_private(name):
                meaning = space.resolve(target)
                if meaning is not None and meaning.definition is not None:
                    found[meaning.path].append(f"{module}.{name}")
    return found


def _members(owner: Meaning, key: str, result: PublicApi) -> None:
    assert owner.definition is not None
    prefix = owner.definition.path + "."
    result.members[key] = owner.definition.members
    if any(base.rpartition(".")[2] == "Protocol" for base in owner.definition.bases):
        result.protocols[key] = tuple(
            name for name in owner.definition.members if name.startswith("__") or not name.startswith("_")
        )
    result.key_of.update({f"{owner.module}.{prefix}{name}": f"{key}.{name}" for name in owner.definition.members})


def _api(space: Namespace, result: PublicApi, meaning: Meaning, *, key: str, library: str, file: str) -> Api | None:
    definition = meaning.definition
    assert definition is not None
    name = key.rpartition(".")[2]
    if is_private(name) or "typevar" in definition.labels:
        return None
    if name.startswith("__") and (name in {"__init__", "__new__", "__all__", "__slots__"} or not definition.docstring):
        return None
    doc = definition.docstring
    parameters = definition.parameters
    bases: tuple[str, ...] = ()
    if definition.kind is NodeKind.CLASS:
        parameters = _constructor(space, meaning)
        doc = doc or _constructor_doc(space, meaning)
        bases = tuple(_known(result, base.path) for base in space.bases(meaning) if base.path)
    elif not doc:
        doc = _inherited_doc(space, meaning)
    sections = docstrings.read(doc)
    words = _Words(space, result, meaning.module)
    linked = []
    for parameter in parameters:
        one = _linked(space, result, parameter, meaning.module)
        if one.annotation is None and not one.types and parameter.name in sections.parameters:
            one = one.model_copy(update={"types": words.atoms(sections.parameters[parameter.name])})
        linked.append(one)
    returns = _atoms(space, result, definition.returns or definition.alias_of, meaning)
    if not returns and definition.returns_source is None and definition.kind in _CALLABLE and sections.returns:
        returns = words.atoms(sections.returns)
    kind = definition.kind
    if kind is NodeKind.FUNCTION and key.rpartition(".")[0] in result.members:
        kind = NodeKind.METHOD
    return Api(
        key=key,
        library=library,
        kind=kind,
        parameters=tuple(linked),
        returns=returns,
        returns_source=definition.returns_source,
        bases=bases,
        summary=sections.summary,
        docstring=doc,
        see_also=sections.see_also,
        raises=sections.raises,
        deprecated=definition.deprecated or sections.deprecated,
        module=meaning.module,
        line=definition.line,
        file=file,
    )


class _Words:
    """Understands the types that the docstrings of one module state in words."""

    def __init__(self, space: Namespace, result: PublicApi, module: str) -> None:
        self._space = space
        self._result = result
        self._module = module

    def atoms(self, text: str) -> tuple[str, ...]:
        """Type atoms of a stated type."""
        if not self._result.spoken:
            self._result.spoken.update(_spoken_classes(self._space, self._result))
        return stated_atoms(text, self._result.spoken, self._locate)

    def _locate(self, name: str) -> str | None:
        for spelling in (name, f"{self._module}.{name}", f"{self._module.split('.')[0]}.{name}"):
            meaning = self._space.resolve(spelling) if self._space.owns(spelling) else None
            if meaning is not None and meaning.definition is not None:
                return _known(self._result, meaning.path)
        return None


def _spoken_classes(space: Namespace, result: PublicApi) -> dict[str, str]:
    """What prose calls the classes of the top package: `graph`, `networkx graph`."""
    found: dict[str, str] = {}
    for key in sorted(result.key_of.values()):
        top, _, name = key.rpartition(".")
        if not top or "." in top:
            continue
        meaning = space.resolve(key)
        if meaning is not None and meaning.definition is not None and meaning.definition.kind is NodeKind.CLASS:
            found[name.lower()] = key
            found[f"{top.lower()} {name.lower()}"] = key
    return found


def _known(result: PublicApi, path: str) -> str:
    return result.key_of.get(path, path)


def _atoms(space: Namespace, result: PublicApi, names: tuple[str, ...], meaning: Meaning) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        atom: str | None
        if name.rpartition(".")[2] == "Self" and meaning.definition is not None and "." in meaning.definition.path:
            atom = f"{meaning.module}.{meaning.definition.path.rpartition('.')[0]}"
        else:
            atom = space.atom(name, meaning.module)
        if atom is not None:
            found[_known(result, atom)] = None
    return tuple(found)


def _linked(space: Namespace, result: PublicApi, parameter: Parameter, module: str) -> Parameter:
    types = _atoms(space, result, parameter.types, Meaning(module))
    return parameter if types == parameter.types else parameter.model_copy(update={"types": types})


def _constructor(space: Namespace, owner: Meaning) -> tuple[Parameter, ...]:
    lineage = list(space.lineage(owner))
    for ancestor in lineage:
        assert ancestor.definition is not None
        if _has_fields(ancestor.definition):
            return _fields(space, [one for one in lineage if one.definition and _has_fields(one.definition)])
        for name in ("__init__", "__new__"):
            found = space.definitions[ancestor.module].get(f"{ancestor.definition.path}.{name}")
            if found is not None:
                return found.parameters
    return ()


def _has_fields(definition: Definition) -> bool:
    if "__init__" in definition.members:
        return False
    return any(label in _DATACLASS for label in definition.labels) or "typing.NamedTuple" in definition.bases


def _fields(space: Namespace, lineage: list[Meaning]) -> tuple[Parameter, ...]:
    parameters: dict[str, Parameter] = {}
    for ancestor in reversed(lineage):
        assert ancestor.definition is not None
        for name in ancestor.definition.members:
            found = space.definitions[ancestor.module].get(f"{ancestor.definition.path}.{name}")
            if found is None or found.kind is not NodeKind.ATTRIBUTE or found.returns_source is None:
                continue
            if (
                "ClassVar" in found.returns_source
                or "property" in found.labels
                or "instance-attribute" not in found.labels
            ):
                continue
            parameters[name] = Parameter(
                name=name,
                kind="positional_or_keyword",
                annotation=found.returns_source,
                default="..." if "value" in found.labels else None,
                types=found.returns,
            )
    return tuple(parameters.values())


def _constructor_doc(space: Namespace, owner: Meaning) -> str:
    assert owner.definition is not None
    found = space.definitions[owner.module].get(f"{owner.definition.path}.__init__")
    return found.docstring if found is not None else ""


def _inherited_doc(space: Namespace, meaning: Meaning) -> str:
    """What `inspect.getdoc` would show: the docstring of the overridden member."""
    assert meaning.definition is not None
    outer, _, name = meaning.definition.path.rpartition(".")
    owner = space.definitions[meaning.module].get(outer) if outer else None
    if owner is None or meaning.definition.kind is not NodeKind.METHOD:
        return ""
    for ancestor in space.lineage(Meaning(meaning.module, owner)):
        assert ancestor.definition is not None
        found = space.definitions[ancestor.module].get(f"{ancestor.definition.path}.{name}")
        if found is not None and found.docstring:
            return found.docstring
    return ""


def _resolve_see_also(space: Namespace, result: PublicApi) -> None:
    for key, api in list(result.apis.items()):
        if not api.see_also:
            continue
        found: dict[str, None] = {}
        elsewhere: dict[str, None] = {}
        for name in api.see_also:
            target = locate(space, result, name, api.module, key)
            if target is not None and target != key:
                found[target] = None
            elif target is None and re.fullmatch(r"[A-Za-z_]\w*(\.\w+)+", name) and not space.owns(name):
                elsewhere[name] = None
        result.apis[key] = api.model_copy(update={"see_also": (*found, *elsewhere)})


def locate(space: Namespace, result: PublicApi, name: str, module: str, key: str = "") -> str | None:
    """The key of the public API that a documentation text calls `name`, seen from a module and an owner."""
    spellings = [name, f"{module}.{name}"]
    if key:
        spellings += [f"{key}.{name}", f"{key.rpartition('.')[0]}.{name}"]
    spellings += [f"{top}.{name}" for top in sorted({module.split(".", maxsplit=1)[0]})]
    for spelling in spellings:
        meaning = space.resolve(spelling) if space.owns(spelling) else None
        if meaning is not None and meaning.definition is not None:
            found = result.key_of.get(meaning.path)
            if found in result.apis:
                return found
    return None
