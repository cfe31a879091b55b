"""The words of lessons and of questions about them: names are split as people type them. It searches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_WORDS = 24
"""Of one question; a whole traceback may be pasted, and its first words are not the telling ones."""
LONGEST_PATH = 5
"""Words of a dotted path that was typed in words."""
LONGEST_NAME = 4
"""Words of one name."""

_NAME = re.compile(r"\w+(?:\.\w+)*")
_PART = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+")
_SILENT_WORDS = """
a an and are as at be by can do does each every for from get give given has have how i if in into is it its make me my
of on one or our show so that the their them then there these this to use used using want was we what when where which
who why will with write you your
"""
_SILENT = frozenset(_SILENT_WORDS.split())
"""English words that tell no lesson from another."""


def names_in(question: str) -> tuple[str, ...]:
    """The last names of everything in a text that may name an API, lower case: `rich.Table.add_row` → `add_row`."""
    found = (match.group().rpartition(".")[2].lower() for match in _NAME.finditer(question))
    return tuple(dict.fromkeys(name for name in found if name not in _SILENT and len(name) > 1))[:MOST_WORDS]


def spoken_names(question: str) -> tuple[str, ...]:
    """What a text may say of API names and paths in plain words, the longest first: `take nth` → `take_nth`, `takenth`;
    `toolz get` → `toolz.get`. Unlike single words, silent ones count here: many names have an `in` or `is` in them.
    """
    words = _PART.findall(question)[:MOST_WORDS]
    found: dict[str, None] = {}
    for length in range(min(LONGEST_PATH, len(words)), 1, -1):
        for start in range(len(words) - length + 1):
            piece = words[start : start + length]
            found[".".join(piece)] = None
            if length <= LONGEST_NAME:
                found["_".join(piece).lower()] = found["".join(piece).lower()] = None
    return tuple(found)


def words_in(question: str) -> tuple[str, ...]:
    """The telling words of a question, lower case, each once, names in their parts."""
    found: dict[str, None] = {}
    for match in _PART.finditer(question):
        whole = match.group()
        for word in (whole, *_CAMEL.findall(whole)):
            if word.lower() not in _SILENT:
                found[word.lower()] = None
    return tuple(found)[:MOST_WORDS]


def spelled_out(names: Iterable[str]) -> str:
    """API names as a text in which their parts are words: `textual.widgets.DataTable` also has `Data Table`."""
    lines = []
    for name in names:
        parts = [word for piece in _PART.findall(name) for word in _CAMEL.findall(piece)]
        lines.append(" ".join(dict.fromkeys([*_PART.findall(name), *parts])))
    return "\n".join(lines)
