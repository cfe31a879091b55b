"""Every text that a person reads is there in Polish too, with all its plurals and the same values in it."""

from __future__ import annotations

import ast
import string

from dreamer_app.core.i18n import read_catalogue, read_po
from dreamer_app.core.paths import resource
from tests.house.tracked import sources

CATALOGUE = read_catalogue("pl").entries


def texts() -> tuple[set[str], dict[str, str]]:
    """Texts named in `tr`, `mark`, and pairs named in `trn`, anywhere in the program."""
    single: set[str] = set()
    counted: dict[str, str] = {}
    for file in sources("dreamer_app"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                named = [part.value for part in node.args if isinstance(part, ast.Constant)]
                if node.func.id in {"tr", "mark"} and named:
                    single.add(named[0])
                elif node.func.id == "trn" and len(named) >= 2:
                    counted[named[0]] = named[1]
    return single, counted


def fields(text: str) -> set[str]:
    """The values that a text shows."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_has_a_polish_one() -> None:
    single, counted = texts()
    assert len(single) > 100
    missing = sorted((single | set(counted)) - set(CATALOGUE))
    assert missing == [], "add them to a catalogue in resources/i18n/pl"


def test_every_count_has_three_forms() -> None:
    _, counted = texts()
    assert {one: len(CATALOGUE[one]) for one in counted if len(CATALOGUE[one]) != 3} == {}


def test_translations_show_the_same_values() -> None:
    different = {text: form for text, forms in CATALOGUE.items() for form in forms if fields(form) != fields(text)}
    assert different == {}


def test_no_text_is_translated_twice_or_not_at_all() -> None:
    seen: dict[str, str] = {}
    for file in sorted(resource("i18n/pl").glob("*.po")):
        for text, forms in read_po(file):
            assert text not in seen, f"{text!r} in {file.name} and {seen[text]}"
            seen[text] = file.name
            assert all(forms), f"{text!r} in {file.name} is empty"
