"""The canonical form of observed values, guest side; the host side with the exact form is `sandbox.canonical`.

Values are read through the plain types that they extend, so that an overridden `__eq__`, `__iter__` or `__class__` has
no say, and whatever cannot be written down is reported as opaque: encoding never fails and never runs dreamt code,
except for the `item()` of numpy scalars.
"""

from __future__ import annotations

import json
import sys
from typing import Any

MAX_DEPTH = 50
MAX_NODES = 50_000
MAX_BYTES = 128 * 1024
MAX_BITS = 13_000
"""Integers beyond this have more digits than `int(text)` reads by default (4300)."""

_HASHABLE_ATOMS = frozenset({"none", "bool", "int", "float", "complex", "str", "bytes", "opaque"})
_mro = type.__dict__["__mro__"].__get__
_module_name = type.__dict__["__module__"].__get__


def encode(value: object) -> list[Any]:
    """The canonical form of any value."""
    encoder = _Encoder()
    try:
        result = encoder.encode(value, 0)
        if encoder.nodes > MAX_NODES or encoder.size > MAX_BYTES:
            return ["opaque", "too large"]
        return result
    except (RecursionError, MemoryError, RuntimeError):
        return ["opaque", type_name(type(value))]


def raised(error: BaseException) -> list[Any]:
    """The canonical form of an exception that was expected: the names of its classes, most special first."""
    names = [text(type.__dict__["__name__"].__get__(cls)) for cls in _mro(type(error))]
    return ["raised", [name for name in names if name != "object"][:30]]


def type_name(cls: type) -> str:
    """Dotted name of a class."""
    try:
        module = _module_name(cls)
    except AttributeError:
        module = ""
    return text(f"{module}.{type.__dict__['__qualname__'].__get__(cls)}")[:200]


def text(value: object) -> str:
    """A string that survives UTF-8."""
    try:
        return str(value).encode("utf-8", "replace").decode("utf-8")
    except BaseException:
        return "?"


class _Encoder:
    def __init__(self) -> None:
        self.nodes = 0
        self.size = 0
        self.path: set[int] = set()

    def encode(self, value: Any, depth: int) -> list[Any]:
        self.nodes += 1
        cls = type(value)
        if value is None:
            return ["none"]
        if cls is bool:
            return ["bool", value is True]
        if issubclass(cls, str):
            return self._str(str.__str__(value), cls)
        if issubclass(cls, (int, float, complex)):
            return _number(value, cls)
        if issubclass(cls, (list, tuple, dict, set, frozenset)):
            return self._container(value, cls, depth)
        if issubclass(cls, (bytes, bytearray)):
            base: Any = bytes if issubclass(cls, bytes) else bytearray
            self.size += 2 * base.__len__(value)
            return ["opaque", "too large"] if self.size > MAX_BYTES else ["bytes", base.hex(value)]
        return self._other(value, cls, depth)

    def _str(self, value: str, cls: type) -> list[Any]:
        self.size += len(value)
        if self.size > MAX_BYTES:
            return ["opaque", "too large"]
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return ["opaque", type_name(cls)]
        return ["str", value]

    def _container(self, value: Any, cls: type, depth: int) -> list[Any]:
        if id(value) in self.path:
            return ["opaque", "recursion"]
        if depth >= MAX_DEPTH:
            return ["opaque", "too deep"]
        if self.nodes > MAX_NODES or self.size > MAX_BYTES:
            return ["opaque", "too large"]
        self.path.add(id(value))
        try:
            return self._items(value, cls, depth + 1)
        finally:
            self.path.discard(id(value))

    def _items(self, value: Any, cls: type, depth: int) -> list[Any]:
        if issubclass(cls, dict):
            return [
                "dict",
                [[self._key(key, depth), self.encode(item, depth)] for key, item in list(dict.items(value))],
            ]
        if issubclass(cls, list):
            return ["list", [self.encode(item, depth) for item in list.__iter__(value)]]
        if issubclass(cls, tuple):
            return ["tuple", [self.encode(item, depth) for item in tuple.__iter__(value)]]
        base: Any = set if issubclass(cls, set) else frozenset
        members = [self._key(item, depth) for item in list(base.__iter__(value))]
        return [base.__name__, sorted(members, key=json.dumps)]

    def _key(self, value: Any, depth: int) -> list[Any]:
        key = self.encode(value, depth)
        return key if _hashable(key) else ["opaque", type_name(type(value))]

    def _other(self, value: Any, cls: type, depth: int) -> list[Any]:
        numpy = sys.modules.get("numpy")
        generic = getattr(numpy, "generic", None)
        if type(generic) is type and issubclass(cls, generic):
            try:
                plain = value.item()
            except Exception:
                plain = value
            if type(plain) in (bool, int, float, complex, str, bytes):
                return self.encode(plain, depth)
        return ["opaque", type_name(cls)]


def _number(value: Any, cls: type) -> list[Any]:
    if issubclass(cls, int):
        return ["opaque", "too large"] if int.bit_length(value) > MAX_BITS else ["int", int.__repr__(value)]
    if issubclass(cls, float):
        return ["float", float.__repr__(value)]
    parts = (complex.__dict__["real"], complex.__dict__["imag"])
    return ["complex", [float.__repr__(part.__get__(value)) for part in parts]]


def _hashable(form: list[Any]) -> bool:
    if form[0] in _HASHABLE_ATOMS:
        return True
    return form[0] in ("tuple", "frozenset") and all(_hashable(item) for item in form[1])
