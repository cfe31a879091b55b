"""Every text of the journal and the report has its Polish."""

from __future__ import annotations

import ast

from dreamer_app.core.i18n import read_catalogue
from dreamer_app.core.journal_query import QUALIFIERS
from tests.house.tracked import ROOT

UI = ROOT / "dreamer_app" / "ui"


def texts() -> set[str]:
    found = {qualifier.meaning for qualifier in QUALIFIERS}
    files = [
        *(UI / "journal").glob("*.py"),
        *(UI / "widgets").glob("*.py"),
        UI / "night_report.py",
        UI / "night_words.py",
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "trn", "mark"}:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_polish_is_complete() -> None:
    entries = read_catalogue("pl").entries
    assert sorted(texts() - set(entries)) == []
    assert all(all(entries[text]) for text in texts())
