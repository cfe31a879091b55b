"""Resolves the examples and sections of a library against its API nodes.

Takes file facts, gives finished `Example` values and edges. Knows no database and no other library: names of other
libraries are kept as dotted paths, which the graph joins when it has them.
"""

from __future__ import annotations

import builtins
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from dreamer_app.oracle.facts import FileFacts, RawExample
from dreamer_app.oracle.model import Api, Example, NodeKind, Parameter
from dreamer_app.oracle.names import Meaning, Namespace
from dreamer_app.oracle.public import PublicApi, locate

_BUILTINS = frozenset(dir(builtins))
_PARTS = re.compile(r"\(=[^()]*\)|\(\)|[^.()]+")
MAX_COMPANION = 200_000
"""Bytes of a companion text file."""


@dataclass
class Concept:
    """A documentation section with what it documents."""

    key: str
    headings: tuple[str, ...]
    text: str
    file: str
    line: int
    mentions: tuple[str, ...] = ()


@dataclass
class Linked:
    """The linked documentation of a library.

    Attributes:
        examples: In order of file and line.
        concepts: Sections of pages.
        foreign: Names of other libraries that an example uses, by example key.
    """

    examples: list[Example] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    foreign: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Linker:
    """Links the documentation of one library.

    Args:
        library: Distribution name.
        space: Its modules.
        public: Its API nodes.
        texts: Text files by path, for companions.
        digests: SHA-256 by path.
    """

    def __init__(
        self,
        library: str,
        space: Namespace,
        public: PublicApi,
        texts: Mapping[str, str],
        digests: Mapping[str, str],
    ) -> None:
        self.library = library
        self.space = space
        self.public = public
        self.texts = texts
        self.digests = digests
        self._chains: dict[str, str | None] = {}
        self._keys: set[str] = set()
        self._called = _unambiguous(public)

    def link(self, files: Mapping[str, FileFacts]) -> Linked:
        """Link everything that the files hold."""
        linked = Linked()
        for path, facts in sorted(files.items()):
            for raw in facts.examples:
                self._example(raw, path, facts, linked)
            for number, section in enumerate(facts.sections):
                module = min(self.space.modules, key=len, default="")
                found = (
                    locate(self.space, self.public, name, module) or self._called.get(name) for name in section.mentions
                )
                linked.concepts.append(
                    Concept(
                        key=f"concept:{self.library}:{path}#{number}",
                        headings=section.headings,
                        text=section.text,
                        file=path,
                        line=section.line,
                        mentions=tuple(dict.fromkeys(name for name in found if name)),
                    )
                )
        return linked

    def _example(self, raw: RawExample, path: str, facts: FileFacts, linked: Linked) -> None:
        module = facts.module.module if facts.module else ""
        owner = None
        place = path
        if facts.module is not None and raw.owner is not None:
            place = f"{module}.{raw.owner}" if raw.owner else module
            owner = self._owner(place)
            if raw.owner and owner is None:
                return  # documents something private
            if not place.endswith((".__init__", ".__new__")):
                place = owner or place
        uses: dict[str, None] = {}
        foreign: dict[str, None] = {}
        for chain in raw.references:
            found = self.chain(chain, module)
            if found in self.public.apis:
                uses[found] = None
            elif found:
                foreign[found] = None
        if not uses and owner is None and (self.space.modules or not foreign):
            return
        key = f"example:{self.library}:{place}" + ("" if raw.form == "program" else f"#{raw.ordinal}")
        while key in self._keys:
            key += "~"
        self._keys.add(key)
        linked.examples.append(
            Example(
                key=key,
                library=self.library,
                form=raw.form,
                code=raw.code,
                statements=raw.statements,
                companions=self._companions(raw, path),
                describes=self._describes(raw, owner),
                headings=raw.headings or ((place,) if facts.module else ()),
                owner=owner,
                uses=tuple(uses),
                file=path,
                line=raw.line,
                sha256=self.digests.get(path, ""),
                setup=self._imports(raw, module) + raw.setup if raw.form != "program" else "",
            )
        )
        if foreign:
            linked.foreign[key] = tuple(foreign)

    def _owner(self, place: str) -> str | None:
        key = self.public.key_of.get(place)
        if key is None:
            meaning = self.space.resolve(place)
            key = self.public.key_of.get(meaning.path) if meaning else None
        if key is not None and key.endswith((".__init__", ".__new__")):
            key = key.rpartition(".")[0]
        return key if key in self.public.apis else None

    def _describes(self, raw: RawExample, owner: str | None) -> str:
        api = self.public.apis.get(owner) if owner else None
        text = raw.describes
        if api is not None and (not text or (raw.ordinal == 0 and not text.endswith(":"))):
            text = api.summary or text
        return text.rstrip(":")

    def _companions(self, raw: RawExample, path: str) -> dict[str, str]:
        folder = posixpath.dirname(path)
        found = {}
        for name in raw.companions:
            target = posixpath.normpath(posixpath.join(folder, name))
            text = self.texts.get(target)
            if text is not None and target != path and not target.endswith(".py") and len(text) <= MAX_COMPANION:
                found[name] = text
        return found

    def _imports(self, raw: RawExample, module: str) -> str:
        """Import lines for the names that a docstring takes from the module it is in."""
        lines: dict[str, None] = {}
        for name in raw.free:
            line = self._import(name, module)
            if line:
                lines[line] = None
        return "".join(line + "\n" for line in sorted(lines))

    def _import(self, name: str, module: str) -> str:
        target = self.space.bindings(module).get(name) if module in self.space.modules else None
        if target is None:
            return self._conventional(name)
        meaning = self.space.resolve(target)
        if meaning is None:
            return ""
        if meaning.definition is not None:
            path = self.public.key_of.get(meaning.path, meaning.path)
        elif meaning.module:
            path = meaning.module
            return f"import {path}" + (f" as {name}" if path != name else "") + ""
        else:
            path = meaning.external
            if path.startswith(("builtins.", "__future__.")):
                return ""
            if "." not in path:
                return f"import {path}" + (f" as {name}" if path != name else "")
        parent, _, last = path.rpartition(".")
        return f"from {parent} import {last}" + (f" as {name}" if last != name else "")

    def _conventional(self, name: str) -> str:
        """The library itself under its own name or alias, or the one class or function of this name."""
        if name in self.space.modules and "." not in name:
            return f"import {name}"
        for facts in self.space.modules.values():
            target = facts.imports.get(name)
            if target in self.space.modules and "." not in target:
                return f"import {target} as {name}"
        if name in self._called:
            parent, _, last = self._called[name].rpartition(".")
            return f"from {parent} import {last}"
        return ""

    def chain(self, chain: str, module: str) -> str | None:
        """What a reference chain means: an API key, a dotted path of another library, or None."""
        memo = f"{module}|{chain}" if chain.startswith("?") else chain
        if memo not in self._chains:
            self._chains[memo] = self._follow(_PARTS.findall(chain), module)
        return self._chains[memo]

    def _follow(self, parts: list[str], module: str) -> str | None:
        if parts[0] == "?":
            parts = parts[1:]
            target = self.space.bindings(module).get(parts[0]) if module in self.space.modules else None
            if target is None:
                line = self._conventional(parts[0]).split()
                target = (f"{line[1]}.{line[3]}" if line[0] == "from" else line[1]) if line else None
            if target is None:
                return None
            parts = [*target.split("."), *parts[1:]]
        plain = list(takewhile(lambda part: not part.startswith("("), parts))
        rest = parts[len(plain) :]
        present = self.space.resolve(".".join(plain))
        if present is None or (present.definition is None and present.module):
            return None
        if present.definition is None:
            return present.external if not rest else None
        return self._through(present, rest)

    def _through(self, present: Meaning, rest: list[str]) -> str | None:
        """Follow calls and attributes from a definition by constructors and return annotations."""
        instance = False
        for part in rest:
            definition = present.definition
            assert definition is not None
            if part.startswith("("):
                if definition.kind is NodeKind.CLASS and not instance:
                    instance = True
                    continue
                result = self._given(present, part) or self._result(present)
                if result is None:
                    return None
                present, instance = result, True
                continue
            if definition.kind is NodeKind.ATTRIBUTE or (definition.kind is not NodeKind.CLASS):
                result = self._result(present)
                if result is None or definition.kind is not NodeKind.ATTRIBUTE:
                    return None
                present, instance = result, True
                definition = present.definition
                assert definition is not None
            member = self.space.resolve(f"{present.path}.{part}")
            if member is None or member.definition is None:
                return None
            present = member
            instance = False
        return self.public.key_of.get(present.path)

    def _given(self, present: Meaning, part: str) -> Meaning | None:
        """The class that a call was given, when its annotations say that it returns an instance of that class."""
        definition = present.definition
        if definition is None or not part.startswith("(="):
            return None
        varies = any(self.space.atom(name, present.module) is None for name in definition.returns)
        takes = any(re.search(r"\b[Tt]ype\[", parameter.annotation or "") for parameter in definition.parameters)
        given = self.space.resolve(part[2:-1]) if varies and takes else None
        fits = given is not None and given.definition is not None and given.definition.kind is NodeKind.CLASS
        return given if fits else None

    def _result(self, present: Meaning) -> Meaning | None:
        """The class of this library that a callable returns, when its annotation leaves no doubt."""
        key = self.public.key_of.get(present.path)
        api = self.public.apis.get(key) if key else None
        if api is None:
            return None
        own = []
        for atom in api.returns:
            meaning = self.space.resolve(atom) if self.space.owns(atom) else None
            if meaning is not None and meaning.definition is not None and meaning.definition.kind is NodeKind.CLASS:
                own.append(meaning)
        return own[0] if len(own) == 1 else None


def _unambiguous(public: PublicApi) -> dict[str, str]:
    """Classes and functions of modules by their bare name, where only one of the library has it."""
    found: dict[str, list[str]] = {}
    for key, api in public.apis.items():
        parent, _, name = key.rpartition(".")
        if api.kind in {NodeKind.CLASS, NodeKind.FUNCTION} and parent not in public.apis and name not in _BUILTINS:
            found.setdefault(name, []).append(key)
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


def signature(api: Api) -> str:
    """The signature of a callable as one line."""
    if api.kind is NodeKind.ATTRIBUTE:
        return api.returns_source or ""
    shown: list[str] = []
    starred = False
    for index, parameter in enumerate(api.parameters):
        if parameter.kind == "keyword_only" and not starred:
            shown.append("*")
            starred = True
        shown.append(_shown(parameter))
        starred = starred or parameter.kind == "var_positional"
        following = api.parameters[index + 1] if index + 1 < len(api.parameters) else None
        if parameter.kind == "positional_only" and (following is None or following.kind != "positional_only"):
            shown.append("/")
    arrow = f" -> {api.returns_source}" if api.returns_source else ""
    return f"({', '.join(shown)}){arrow}"


def _shown(parameter: Parameter) -> str:
    star = {"var_positional": "*", "var_keyword": "**"}.get(parameter.kind, "")
    text = star + parameter.name + (f": {parameter.annotation}" if parameter.annotation else "")
    if parameter.default is not None:
        text += f" = {parameter.default}" if parameter.annotation else f"={parameter.default}"
    return text
