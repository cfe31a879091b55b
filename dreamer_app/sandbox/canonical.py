"""The canonical form of observed values, host side: what the worker reports becomes a plain Python value again.

A worker reports `[tag, payload]`: `["none"]`, `["bool", true]`, `["int", "12"]`, `["float", "0.5"]`,
`["complex", ["1.0", "2.0"]]`, `["str", "x"]`, `["bytes", "hex"]`, `["list", [...]]`, `["tuple", [...]]`,
`["set", [...]]`, `["frozenset", [...]]`, `["dict", [[key, value], ...]]`, `["raised", ["KeyError", "LookupError"]]`
(names of the exception's classes, most special first) and `["opaque", "module.Type"]` for everything without a
literal. Subclasses of the plain types are reported as the plain type that they extend, read through the base class, so
that an overridden `__eq__` or `__iter__` has no say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dreamer_app.core.errors import WorkerLostError
from dreamer_app.sandbox.jobs import Canonical

MAX_DEPTH = 60


@dataclass(frozen=True)
class Opaque:
    """A value without a literal; equal to no literal."""

    type_name: str


@dataclass(frozen=True)
class Raised:
    """An exception that was expected to be raised.

    Attributes:
        classes: Names of its class and that class's bases, most special first.
    """

    classes: tuple[str, ...]


_SEQUENCES: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_NUMBERS: dict[str, type] = {"int": int, "float": float}


def decode(value: Canonical) -> Any:
    """Turn a canonical value into a plain Python value.

    Raises:
        WorkerLostError: The worker sent something that is not canonical.
    """
    try:
        return _decode(value, 0)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise WorkerLostError("A worker broke its protocol", f"not a canonical value: {str(value)[:200]}") from error


def _decode(value: Any, depth: int) -> Any:
    """A night decodes millions of values: the usual ones come first, and no frame is opened for an atom of theirs."""
    if depth > MAX_DEPTH or type(value) is not list:
        raise ValueError(value)
    tag = value[0]
    if tag == "none":
        return None
    payload = value[1]
    if tag in _NUMBERS:
        return _NUMBERS[tag](payload)
    if tag == "str":
        return _exactly(str, payload)
    if tag in _SEQUENCES:
        return _SEQUENCES[tag]([_decode(item, depth + 1) for item in payload])
    if tag == "dict":
        return {_decode(key, depth + 1): _decode(item, depth + 1) for key, item in payload}
    return _decode_rare(tag, payload)


def _decode_rare(tag: str, payload: Any) -> Any:
    match tag:
        case "bool":
            return _exactly(bool, payload)
        case "complex":
            return complex(float(payload[0]), float(payload[1]))
        case "bytes":
            return bytes.fromhex(payload)
        case "opaque":
            return Opaque(_exactly(str, payload))
        case "raised":
            return Raised(tuple(str(name) for name in payload))
    raise ValueError(tag)


def _exactly(kind: type, payload: Any) -> Any:
    if type(payload) is not kind:
        raise TypeError(payload)
    return payload
