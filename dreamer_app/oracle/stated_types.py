"""Turns types that docstrings state in words into type atoms: "list of tuples" is a `list`, "NetworkX graph" a class.

Words are read only where there is no annotation; what is not understood gives nothing. Never looks at code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_WORDS = {
    "int": "int",
    "integer": "int",
    "float": "float",
    "number": "float",
    "numeric": "float",
    "str": "str",
    "string": "str",
    "bool": "bool",
    "boolean": "bool",
    "bytes": "bytes",
    "list": "list",
    "dict": "dict",
    "dictionary": "dict",
    "set": "set",
    "frozenset": "frozenset",
    "tuple": "tuple",
    "pair": "tuple",
    "iterable": "collections.abc.Iterable",
    "iterator": "collections.abc.Iterator",
    "generator": "collections.abc.Iterator",
    "sequence": "collections.abc.Sequence",
    "mapping": "collections.abc.Mapping",
    "container": "collections.abc.Iterable",
    "collection": "collections.abc.Collection",
    "callable": "collections.abc.Callable",
    "function": "collections.abc.Callable",
    "none": "None",
}
_ALTERNATIVE = re.compile(r"\s+or\s+|\s*\|\s*|,\s*(?=\w)|;")
_NOISE = {"a", "an", "the", "optional", "default", "new", "nonempty", "sorted", "single", "required"}


def stated_atoms(text: str, classes: Mapping[str, str], locate: Callable[[str], str | None]) -> tuple[str, ...]:
    """Atoms of a type in words, the outermost of each alternative.

    Args:
        text: As the docstring states it, e.g. `NetworkX graph or list of nodes, optional`.
        classes: Lower-case names of the library's classes, alone and after the library's name, with their paths.
        locate: Dotted path that a capitalised or dotted name means.
    """
    found: dict[str, None] = {}
    text = re.sub(r"\(.*?\)|\{.*?\}|`|:\w+:|~", "", text.split(" -- ", maxsplit=1)[0].strip().rstrip("."))
    for part in _ALTERNATIVE.split(text):
        words = [word for word in re.findall(r"[A-Za-z_][\w.]*", part) if word.lower() not in _NOISE]
        if not words:
            continue
        phrase = " ".join(words[:2]).lower()
        if phrase in classes or words[0].lower() in classes:
            found[classes.get(phrase) or classes[words[0].lower()]] = None
        elif words[0].lower() in _WORDS or words[0].lower().rstrip("s") in _WORDS:
            found[_WORDS.get(words[0].lower()) or _WORDS[words[0].lower().rstrip("s")]] = None
        elif words[0][0].isupper() or "." in words[0]:
            path = locate(words[0])
            if path is not None:
                found[path] = None
    return tuple(found)
