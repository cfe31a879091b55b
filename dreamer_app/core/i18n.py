"""Texts in the language of the person: English in the source, other languages from PO catalogues in `resources/i18n`.

One language belongs to the whole program, as with gettext and Qt, so this module holds the only global state of the
house. It knows no text itself, and it has nothing to do with Qt, so that every room that speaks to people may use it.
"""

from __future__ import annotations

import ast
import locale
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dreamer_app.core.paths import resource

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {"en": "English", "pl": "Polski"}
"""Every language of the interface, by its own name."""


def _plural_en(n: int) -> int:
    return int(n != 1)


def _plural_pl(n: int) -> int:
    """One, few (2 to 4 but not 12 to 14), many: the rule of the Unicode CLDR."""
    if n == 1:
        return 0
    return 1 if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14} else 2


_PLURALS: Mapping[str, Callable[[int], int]] = {"en": _plural_en, "pl": _plural_pl}


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language.

    Attributes:
        language: Its code.
        entries: English text to its translation, one form per plural class where there are several.
    """

    language: str = ENGLISH
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, text: str) -> str:
        """The translation of a text; itself where there is none."""
        return self.entries.get(text, (text,))[0] or text

    def counted(self, one: str, many: str, n: int) -> str:
        """The form that fits a number."""
        forms = self.entries.get(one)
        if not forms or len(forms) == 1:
            return many if _plural_en(n) else one
        return forms[_PLURALS[self.language](n)]


_current = Catalogue()


def use_language(choice: str) -> str:
    """Speak a language from now on.

    Args:
        choice: A code of `LANGUAGES`, or `system` for what the locale says.

    Returns:
        The code that is in use; English where the choice is not known.
    """
    global _current  # noqa: PLW0603  the language belongs to the whole program
    code = system_language() if choice == "system" else choice
    _current = read_catalogue(code) if code in LANGUAGES and code != ENGLISH else Catalogue()
    return _current.language


def system_language() -> str:
    """The language part of the locale for messages, e.g. `pl`."""
    name = locale.setlocale(locale.LC_MESSAGES) if hasattr(locale, "LC_MESSAGES") else ""
    if name in {"", "C", "C.UTF-8", "POSIX"}:
        name = locale.getlocale()[0] or ENGLISH
    return name.partition("_")[0].lower()


def read_catalogue(language: str) -> Catalogue:
    """Every catalogue of a language; there is one file a room, so that rooms grow without colliding."""
    entries: dict[str, tuple[str, ...]] = {}
    for file in sorted(resource(f"i18n/{language}").glob("*.po")):
        entries.update(read_po(file))
    return Catalogue(language, entries)


def read_po(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entries of a PO file: `msgid`, `msgid_plural`, `msgstr`, `msgstr[n]`; comments and the header are left out.

    Raises:
        ValueError: A line is not PO.
    """
    entry: dict[str, str] = {}
    keyword = ""
    for number, line in enumerate([*file.read_text(encoding="utf-8").splitlines(), ""], 1):
        text = line.strip()
        if text.startswith("#"):
            continue
        if not text:
            if entry.get("msgid"):
                yield entry["msgid"], tuple(value for key, value in sorted(entry.items()) if key.startswith("msgstr"))
            entry = {}
            continue
        if not text.startswith('"'):
            keyword, _, text = text.partition(" ")
        if not (text.startswith('"') and text.endswith('"')):
            raise ValueError(f"{file}:{number}: {line!r} is not a PO line")
        entry[keyword] = entry.get(keyword, "") + str(ast.literal_eval(text))


def mark(text: str) -> str:
    """Name a text that is translated later, where it is shown."""
    return text


def tr(text: str, **values: object) -> str:
    """A text in the person's language, with `{name}` replaced by values."""
    translated = _current.one(text)
    return translated.format(**values) if values else translated


def trn(one: str, many: str, n: int, **values: object) -> str:
    """A text that depends on a number, which is shown where it says `{n}`."""
    return _current.counted(one, many, n).format(n=n, **values)
