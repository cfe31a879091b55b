"""Texts in two languages, with the plurals that people use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.core import i18n

PO = """
# a comment
msgid ""
msgstr "Language: pl\\n"

msgid "Quit"
msgstr "Zakończ"

#, python-brace-format
msgid "{n} new dream"
msgid_plural "{n} new dreams"
msgstr[0] "{n} nowy sen"
msgstr[1] "{n} nowe sny"
msgstr[2] "{n} nowych "
"snów"

msgid "Paused until {time}"
msgstr ""
"""


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    """The language belongs to the whole program, so the next test gets it back."""
    yield
    i18n.use_language("en")


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small Polish catalogue is in force."""
    (tmp_path / "room.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(i18n, "resource", lambda _name: tmp_path)
    assert i18n.use_language("pl") == "pl"


@pytest.mark.usefixtures("polish")
@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 nowych snów"),
        (1, "1 nowy sen"),
        (2, "2 nowe sny"),
        (5, "5 nowych snów"),
        (12, "12 nowych snów"),
        (22, "22 nowe sny"),
        (42, "42 nowe sny"),
        (112, "112 nowych snów"),
        (1004, "1004 nowe sny"),
    ],
)
def test_polish_counts_in_three_ways(n: int, said: str) -> None:
    assert i18n.trn("{n} new dream", "{n} new dreams", n) == said


@pytest.mark.parametrize(("n", "said"), [(0, "0 new dreams"), (1, "1 new dream"), (2, "2 new dreams")])
def test_english_counts_in_two(n: int, said: str) -> None:
    assert i18n.trn("{n} new dream", "{n} new dreams", n) == said


@pytest.mark.usefixtures("polish")
def test_what_is_not_translated_is_said_in_english() -> None:
    assert i18n.tr("Quit") == "Zakończ"
    assert i18n.tr("Paused until {time}", time="14:30") == "Paused until 14:30"
    assert i18n.tr("Never heard of") == "Never heard of"
    assert i18n.trn("{n} thing", "{n} things", 3) == "3 things"


def test_an_unknown_language_is_english() -> None:
    assert i18n.use_language("tlh") == "en"


def test_a_line_that_is_not_po_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.po"
    file.write_text('msgid "a"\nmsgstr a\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.po:2"):
        list(i18n.read_po(file))


@pytest.mark.parametrize(
    ("name", "code"), [("pl_PL.UTF-8", "pl"), ("en_GB.UTF-8", "en"), ("de_DE", "de"), ("C.UTF-8", "en")]
)
def test_the_locale_says_the_language(monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    monkeypatch.setattr(i18n.locale, "setlocale", lambda _category: name)
    monkeypatch.setattr(i18n.locale, "getlocale", lambda: (None, None))
    assert i18n.system_language() == code
