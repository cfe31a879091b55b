"""Finds out what dotted names mean across the files of one library.

Follows imports, star imports, `__all__`, stubs and lazily loaded names without executing anything, and finds for every
definition the dotted paths under which a user can import it. Knows nothing of documentation or of other libraries.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterable, Iterator

from dreamer_app.oracle.facts import Definition, ModuleFacts
from dreamer_app.oracle.model import NodeKind

MAX_HOPS = 40
"""Longest chain of re-exports that is followed; real ones have fewer than ten, a cycle has no end."""

_BUILTINS = frozenset(dir(builtins))


class Meaning:
    """What a dotted name turned out to be.

    Attributes:
        module: Name of the module that it is, or that defines it; empty for something outside the library.
        definition: What is defined, None for a module and for something outside.
        external: Its dotted name when it lies outside the library, else empty.
    """

    __slots__ = ("definition", "external", "module")

    def __init__(self, module: str = "", definition: Definition | None = None, external: str = "") -> None:
        self.module = module
        self.definition = definition
        self.external = external

    @property
    def path(self) -> str:
        """The defining dotted path."""
        if self.definition is not None:
            return f"{self.module}.{self.definition.path}"
        return self.module or self.external


class Namespace:
    """The modules of one library, linked.

    Args:
        modules: Facts of its files; a stub completes the module of the same name.
    """

    def __init__(self, modules: Iterable[ModuleFacts]) -> None:
        self.modules: dict[str, ModuleFacts] = {}
        self.definitions: dict[str, dict[str, Definition]] = {}
        self._stubs: dict[str, ModuleFacts] = {}
        for facts in sorted(modules, key=lambda facts: (facts.stub, facts.module)):
            self._add(facts)
        self._children: dict[str, list[str]] = defaultdict(list)
        for name in self.modules:
            parent, _, last = name.rpartition(".")
            if parent:
                self._children[parent].append(last)
        self._bindings: dict[str, dict[str, str]] = {}
        self._exports: dict[str, tuple[str, ...]] = {}
        self._resolved: dict[str, Meaning | None] = {}
        self._unique: dict[str, list[str]] | None = None
        self._tops = {name.split(".")[0] for name in self.modules}

    def _add(self, facts: ModuleFacts) -> None:
        table = self.definitions.setdefault(facts.module, {})
        if facts.module in self.modules:
            self._stubs[facts.module] = facts
            for definition in facts.definitions:
                known = table.get(definition.path)
                table[definition.path] = definition if known is None else _completed(known, definition)
            return
        self.modules[facts.module] = facts
        for definition in facts.definitions:
            table.setdefault(definition.path, definition)

    def owns(self, dotted: str) -> bool:
        """Whether a dotted name begins with one of the library's top-level packages."""
        return dotted.split(".", maxsplit=1)[0] in self._tops

    def bindings(self, module: str) -> dict[str, str]:
        """Names that a module binds at run time, each with the dotted target; own definitions point to themselves."""
        if module in self._bindings:
            return self._bindings[module]
        facts = self.modules[module]
        bound: dict[str, str] = {}
        self._bindings[module] = bound  # a cycle of star imports sees what is known so far
        for child in self._children[module]:
            bound[child] = f"{module}.{child}"
        for source in facts.wildcards:
            if source in self.modules:
                back = self.modules[source].imports
                names = [name for name in self._star_names(source) if back.get(name) != f"{module}.{name}"]
                bound.update({name: f"{source}.{name}" for name in names})
        bound.update(facts.imports)
        for path in self.definitions[module]:
            if "." not in path:
                bound[path] = f"{module}.{path}"
        if facts.lazy:
            self._bind_lazy(facts, bound)
        return bound

    def _bind_lazy(self, facts: ModuleFacts, bound: dict[str, str]) -> None:
        stub = self._stubs.get(facts.module)
        for name in (facts.exports or ()) + tuple(facts.lazy_targets):
            if name in bound or name.startswith("@"):
                continue
            target = facts.typing_imports.get(name) or (stub.imports.get(name) if stub else None)
            if target is None and name in facts.lazy_targets:
                target = facts.lazy_targets[name]
                if target in self.modules and name in self.definitions[target]:
                    target = f"{target}.{name}"
            if target is None:
                beneath = [path for path in self._defined_as(name) if path.startswith(facts.module + ".")]
                target = beneath[0] if len(beneath) == 1 else None
            if target is not None and self.owns(target):
                bound[name] = target

    def _defined_as(self, name: str) -> list[str]:
        if self._unique is None:
            self._unique = defaultdict(list)
            for module, table in self.definitions.items():
                for path in table:
                    if "." not in path:
                        self._unique[path].append(f"{module}.{path}")
        return self._unique.get(name, [])

    def _star_names(self, module: str) -> tuple[str, ...]:
        facts = self.modules[module]
        if facts.exports is not None:
            return self.exports(module)
        return tuple(name for name in self.bindings(module) if not name.startswith("_"))

    def exports(self, module: str) -> tuple[str, ...]:
        """Names that a module offers to its users.

        `__all__` where there is one; otherwise its own definitions and, in an `__init__` file, what it imports from
        the library. Names that an ordinary module merely imports are not offered.
        """
        if module in self._exports:
            return self._exports[module]
        self._exports[module] = ()
        facts = self.modules[module]
        names: list[str] = []
        if facts.exports is not None:
            for name in facts.exports:
                if name.startswith("@"):
                    source = name[1:].removesuffix(".__all__")
                    meaning = self.resolve(f"{module}.{source}") or self.resolve(source)
                    if meaning and meaning.definition is None and meaning.module:
                        names.extend(self.exports(meaning.module))
                else:
                    names.append(name)
        else:
            for name, target in self.bindings(module).items():
                own = target.rpartition(".")[0] == module and name in self.definitions[module]
                if not name.startswith("_") and (own or (facts.package and self.owns(target))):
                    names.append(name)
        self._exports[module] = tuple(dict.fromkeys(names))
        return self._exports[module]

    def resolve(self, dotted: str) -> Meaning | None:
        """What a dotted name means; None when the library has no such thing."""
        if dotted not in self._resolved:
            self._resolved[dotted] = None
            self._resolved[dotted] = self._resolve(dotted, 0)
        return self._resolved[dotted]

    def _resolve(self, dotted: str, hops: int) -> Meaning | None:
        if hops > MAX_HOPS:
            return None
        if not self.owns(dotted):
            return Meaning(external=dotted)
        parts = dotted.split(".")
        for cut in range(len(parts), 0, -1):
            module = ".".join(parts[:cut])
            if module not in self.modules:
                continue
            parent, _, last = module.rpartition(".")
            if cut == len(parts) and parent in self.modules and self.bindings(parent).get(last, module) != module:
                return self._within(parent, [last], hops)  # the package binds something else under this name
            return self._within(module, parts[cut:], hops)
        return None

    def _within(self, module: str, parts: list[str], hops: int) -> Meaning | None:
        if not parts:
            return Meaning(module)
        name, rest = parts[0], parts[1:]
        target = self.bindings(module).get(name)
        if target is None:
            return None
        if target != f"{module}.{name}":
            return self._resolve(".".join([target, *rest]), hops + 1)
        definition = self.definitions[module].get(name)
        if definition is None:
            return self._resolve(".".join([target, *rest]), hops + 1) if target in self.modules else None
        if definition.target is not None:
            return self._alias(module, name, definition.target, rest, hops)
        return self._member(Meaning(module, definition), rest, hops)

    def _alias(self, module: str, name: str, target: str, rest: list[str], hops: int) -> Meaning | None:
        if target in {name, f"{module}.{name}"} or ("." not in target and target in _BUILTINS):
            return Meaning(external=".".join([f"builtins.{name}", *rest]))
        if "." not in target:
            return self._within(module, [target, *rest], hops + 1) if hops < MAX_HOPS else None
        return self._resolve(".".join([target, *rest]), hops + 1)

    def _member(self, owner: Meaning, rest: list[str], hops: int) -> Meaning | None:
        if not rest:
            return owner
        if owner.definition is None or owner.definition.kind is not NodeKind.CLASS:
            return None
        for ancestor in self.lineage(owner, hops):
            if ancestor.definition is None:
                continue
            found = self.definitions[ancestor.module].get(f"{ancestor.definition.path}.{rest[0]}")
            if found is not None:
                if found.target is not None:
                    local = self.definitions[ancestor.module].get(f"{ancestor.definition.path}.{found.target}")
                    if local is None or local is found:
                        return (
                            self._resolve(found.target, hops + 1)
                            if "." in found.target
                            else Meaning(ancestor.module, found)
                        )
                    found = local
                return self._member(Meaning(ancestor.module, found), rest[1:], hops + 1)
        return None

    def lineage(self, owner: Meaning, hops: int = 0) -> Iterator[Meaning]:
        """A class and its ancestors inside the library, nearest first (depth first, each once)."""
        seen: set[str] = set()
        waiting = [owner]
        while waiting:
            present = waiting.pop(0)
            if present.path in seen or present.definition is None:
                continue
            seen.add(present.path)
            yield present
            bases = []
            if hops <= MAX_HOPS:
                for base in present.definition.bases:
                    meaning = self._base(present, base, hops)
                    if meaning is not None and meaning.definition is not None:
                        bases.append(meaning)
            waiting = bases + waiting

    def _base(self, owner: Meaning, base: str, hops: int = 0) -> Meaning | None:
        if "." in base and self.owns(base):
            return self._resolve(base, hops + 1)
        if "." in base:
            return Meaning(external=base)
        local = self._within(owner.module, [base], hops + 1)
        return local or Meaning(external=base)

    def bases(self, owner: Meaning) -> tuple[Meaning, ...]:
        """Direct base classes, those outside the library as external names."""
        assert owner.definition is not None
        return tuple(found for base in owner.definition.bases if (found := self._base(owner, base)) is not None)

    def atom(self, name: str, module: str) -> str | None:
        """The defining path that a type atom of a module means; None for type variables, which say nothing."""
        if "." not in name:
            if name in _BUILTINS:
                return name
            facts = self.modules.get(module)
            typing = facts.typing_imports.get(name) if facts is not None else None
            found = self._within(module, [name], 0) if facts is not None else None
            if found is None and typing is not None:
                found = self.resolve(typing)
        else:
            found = self.resolve(name)
        if found is None:
            return None if self.owns(name) else name
        if found.definition is not None and "typevar" in found.definition.labels:
            return None
        return found.path


def _completed(known: Definition, stub: Definition) -> Definition:
    """The run-time definition with the types of the stub."""
    types = {parameter.name: parameter for parameter in stub.parameters}
    parameters = tuple(
        parameter.model_copy(
            update={"annotation": types[parameter.name].annotation, "types": types[parameter.name].types}
        )
        if parameter.name in types and not parameter.types
        else parameter
        for parameter in known.parameters
    )
    return known.model_copy(
        update={
            "parameters": parameters,
            "returns": known.returns or stub.returns,
            "returns_source": known.returns_source or stub.returns_source,
            "docstring": known.docstring or stub.docstring,
            "bases": known.bases or stub.bases,
        }
    )
