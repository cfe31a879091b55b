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


def decode(value: Canonical, depth: int = 0) -> Any:
    """Turn a canonical value into a plain Python value.

    Raises:
        WorkerLostError: The worker sent something that is not canonical.
    """
    if depth > MAX_DEPTH or not isinstance(value, list) or not value or not isinstance(value[0], str):
        raise _malformed(value)
    tag, *rest = value
    try:
        if tag == "none":
            return None
        payload: Any = rest[0]
        if tag in _SEQUENCES:
            return _SEQUENCES[tag](decode(item, depth + 1) for item in payload)
        if tag == "dict":
            return {decode(key, depth + 1): decode(item, depth + 1) for key, item in payload}
        return _decode_atom(str(tag), payload)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise _malformed(value) from error


def _decode_atom(tag: str, payload: Any) -> Any:
    match tag:
        case "bool" if isinstance(payload, bool):
            return payload
        case "int":
            return int(payload)
        case "float":
            return float(payload)
        case "complex":
            return complex(float(payload[0]), float(payload[1]))
        case "str" if isinstance(payload, str):
            return payload
        case "bytes":
            return bytes.fromhex(payload)
        case "opaque" if isinstance(payload, str):
            return Opaque(payload)
        case "raised":
            return Raised(tuple(str(name) for name in payload))
    raise ValueError(tag)


def _malformed(value: object) -> WorkerLostError:
    return WorkerLostError("A worker broke its protocol", f"not a canonical value: {str(value)[:200]}")
