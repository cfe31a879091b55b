"""Type flow: which API's result fits into which API's parameter, across libraries.

A class gives instances of itself, of its ancestors and of every protocol that it satisfies; a type alias stands for
what it names; a builtin container is an instance of the abstract containers. Static types are a hint only: whether a
value really fits is found out by running it. Strings are never taken for iterables of characters.
"""

from __future__ import annotations

import builtins
import collections.abc
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from dreamer_app.oracle.model import Api, NodeKind

SAY_NOTHING = frozenset(
    {"None", "object", "str", "bytes", "bool", "int", "float", "complex", "type", "Exception", "BaseException", "self"}
    | {"collections.abc.Callable", "collections.abc.Hashable", "typing.Literal", "typing.Generic", "typing.Protocol"}
    | {"typing.NamedTuple", "enum.Enum", "abc.ABC", "abc.ABCMeta", "collections.abc.Sized"}
)
"""Atoms so general that sharing one of them says nothing about two APIs."""

CONTAINERS = frozenset(
    {
        "list",
        "dict",
        "set",
        "frozenset",
        "tuple",
        "collections.defaultdict",
        "collections.OrderedDict",
        "collections.deque",
    }
    | {f"collections.abc.{name}" for name in ("Iterable", "Iterator", "Sequence", "Mapping", "Collection", "Set")}
    | {
        f"collections.abc.{name}"
        for name in ("MutableMapping", "MutableSequence", "Generator", "Reversible", "Container")
    }
)
"""Atoms that join many APIs loosely: worth something between libraries, next to nothing within one."""

_BY_NAME = dict.fromkeys(
    ("iterable", "iterables", "seq", "seqs", "iterator", "items", "it", "sequence", "sequences", "src"),
    "collections.abc.Iterable",
) | dict.fromkeys(("dict", "mapping", "dicts"), "dict")
"""What unannotated, undocumented parameters are by the naming habit of Python libraries."""


class Flow:
    """Producers and acceptors of type atoms.

    Args:
        apis: Every API of every library by key.
        locate: The key that a dotted path means, or None.
        members: Names bound in each class body.
        protocols: Names that each protocol class asks for.
    """

    def __init__(
        self,
        apis: Mapping[str, Api],
        locate: Callable[[str], str | None],
        members: Mapping[str, frozenset[str]],
        protocols: Mapping[str, frozenset[str]],
    ) -> None:
        self._apis = apis
        self._locate = locate
        self._members = members
        self._protocols = {key: names for key, names in protocols.items() if names}
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._expanded: dict[str, tuple[str, ...]] = {}
        self.produces: dict[str, frozenset[str]] = {}
        self.accepts: dict[str, frozenset[str]] = {}
        self.producers: dict[str, list[str]] = defaultdict(list)
        self.acceptors: dict[str, list[str]] = defaultdict(list)
        for key in sorted(apis):
            self._index(apis[key])

    def _index(self, api: Api) -> None:
        given = self._given(api)
        taken = self._taken(api)
        self.produces[api.key] = frozenset(given)
        self.accepts[api.key] = frozenset(taken)
        for atom in sorted(given):
            self.producers[atom].append(api.key)
        for atom in sorted(taken):
            self.acceptors[atom].append(api.key)

    def _given(self, api: Api) -> set[str]:
        if api.kind is NodeKind.CLASS:
            return {api.key, *self.kinds_of(api.key)} - SAY_NOTHING
        if api.kind is NodeKind.ATTRIBUTE and not api.returns_source:
            return set()
        atoms = {
            found for atom in api.returns for found in (self._canonical(atom), *self.kinds_of(self._canonical(atom)))
        }
        return atoms - SAY_NOTHING

    def _taken(self, api: Api) -> set[str]:
        atoms: set[str] = set()
        for parameter in api.parameters:
            for atom in parameter.types:
                atoms.update(self.expanded(atom))
            if not parameter.types and parameter.annotation is None and parameter.name in _BY_NAME:
                atoms.add(_BY_NAME[parameter.name])
        return atoms - SAY_NOTHING

    def _canonical(self, atom: str) -> str:
        return self._locate(atom) or atom if "." in atom else atom

    def expanded(self, atom: str) -> tuple[str, ...]:
        """A type atom with everything that a type alias of this name stands for."""
        if atom not in self._expanded:
            self._expanded[atom] = (atom,)
            key = self._canonical(atom)
            found = {key: None}
            api = self._apis.get(key)
            if api is not None and api.kind is NodeKind.ATTRIBUTE and not api.returns_source:
                for inner in api.returns:
                    found.update(dict.fromkeys(self.expanded(inner)))
            self._expanded[atom] = tuple(found)
        return self._expanded[atom]

    def kinds_of(self, atom: str) -> tuple[str, ...]:
        """Ancestors of a class and the protocols that it satisfies; abstract containers of a builtin."""
        if atom not in self._ancestors:
            self._ancestors[atom] = ()
            api = self._apis.get(atom)
            found: dict[str, None] = {}
            if api is None:
                found.update(dict.fromkeys(_abstract(atom)))
            elif api.kind is NodeKind.CLASS:
                for base in api.bases:
                    key = self._canonical(base)
                    found.update(dict.fromkeys((key, *self.kinds_of(key))))
                bound = self._members.get(atom, frozenset()).union(
                    *(self._members.get(ancestor, frozenset()) for ancestor in found)
                )
                found.update({key: None for key, wanted in self._protocols.items() if key != atom and wanted <= bound})
            self._ancestors[atom] = tuple(name for name in found if name not in SAY_NOTHING)
        return self._ancestors[atom]

    def through(self, src: str, dst: str) -> tuple[str, ...]:
        """The atoms by which the result of one API fits into another, most specific first."""
        shared = self.produces.get(src, frozenset()) & self.accepts.get(dst, frozenset())
        return tuple(sorted(shared, key=lambda atom: (atom in CONTAINERS, len(self.acceptors[atom]), atom)))

    def prominence(self, key: str, atom: str) -> float:
        """Whether an atom is what an API is mainly about (its first or a required parameter) or a side matter."""
        best = 0.3
        for position, parameter in enumerate(self._apis[key].parameters):
            if any(atom in self.expanded(one) for one in parameter.types) or _BY_NAME.get(parameter.name) == atom:
                main = position == 0 or (parameter.default is None and parameter.kind != "keyword_only")
                best = max(best, 1.0 if main else 0.3)
        return best

    def weight(self, atom: str) -> float:
        """How much it says that two APIs meet in an atom: 1 for a pair of its own, near 0 for a common one."""
        spread = max(1, len(self.acceptors.get(atom, ()))) * max(1, len(self.producers.get(atom, ())))
        return float((0.3 if atom in CONTAINERS else 1.0) / spread**0.5)


@lru_cache(maxsize=256)
def _abstract(atom: str) -> tuple[str, ...]:
    """The abstract containers that a builtin or standard container is an instance of."""
    name = atom.removeprefix("collections.")
    kind = getattr(builtins, atom, None) or getattr(collections, name, None)
    abstract = getattr(collections.abc, atom.removeprefix("collections.abc."), None)
    concrete = kind if isinstance(kind, type) else abstract
    if not isinstance(concrete, type) or concrete in {str, bytes} or (atom not in CONTAINERS and abstract is None):
        return ()
    names: Iterable[str] = (
        "Iterable",
        "Iterator",
        "Collection",
        "Sequence",
        "Mapping",
        "Set",
        "Reversible",
        "Container",
    )
    return tuple(
        f"collections.abc.{one}"
        for one in names
        if issubclass(concrete, getattr(collections.abc, one)) and f"collections.abc.{one}" != atom
    )
