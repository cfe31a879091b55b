"""Every text that a person can see has its Polish, and none is shown past the translation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dreamer_app.core.i18n import read_catalogue
from dreamer_app.core.journal_query import QUALIFIERS
from dreamer_app.core.settings import Settings
from tests.house.tracked import ROOT

APP = ROOT / "dreamer_app"
SHOWN_BY = frozenset(
    {
        "QLabel", "QPushButton", "QCheckBox", "QAction", "addAction", "addItem", "addMenu", "button", "heading",
        "setAccessibleName", "setPlaceholderText", "setText", "setToolTip", "setWindowTitle", "words",
    }
)  # fmt: skip
"""Calls whose first argument a person reads."""
PROGRAMS = frozenset(
    {"checks.py: 'runc '", "checks.py: 'cgroup v'", "health.py: 'SQLite '", "health.py: ' -m pip install uv'"}
)
SAME_EVERYWHERE = frozenset({"The Dreamer", "solution.py"})


def nodes(folder: Path) -> Iterator[tuple[Path, ast.AST]]:
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield file, node


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def marked() -> set[str]:
    """Texts that are named for translation anywhere."""
    found = {qualifier.meaning for qualifier in QUALIFIERS}
    for _, node in nodes(APP):
        if isinstance(node, ast.Call) and name_of(node) in {"tr", "trn", "mark"} and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


def settings() -> set[str]:
    pages: list[Any] = [getattr(Settings(), name) for name in Settings.model_fields]
    fields = [field for page in pages for field in type(page).model_fields.values()]
    return {text for field in fields for text in (field.title, field.description) if text}


def checks() -> set[str]:
    """Names of the questions that Diagnostics answers."""
    found = set()
    for _, node in nodes(APP):
        if isinstance(node, ast.Call) and name_of(node) == "Check":
            names = [word.value for word in node.keywords if word.arg == "name"]
            found |= {str(name.value) for name in names if isinstance(name, ast.Constant)}
    return found


def test_polish_is_complete() -> None:
    entries = read_catalogue("pl").entries
    wanted = marked() | settings() | checks()
    assert sorted(wanted - set(entries)) == []
    assert all(all(entries[text]) for text in wanted)


def test_nothing_is_shown_in_english_only() -> None:
    found = []
    for file, node in nodes(APP / "ui"):
        if isinstance(node, ast.Call) and name_of(node) in SHOWN_BY and node.args:
            first = node.args[0]
            parts = first.values if isinstance(first, ast.JoinedStr) else [first]
            texts = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            found += [
                f"{file.relative_to(ROOT)}:{node.lineno}: {text!r}"
                for text in texts
                if any(letter.isalpha() for letter in text) and text not in SAME_EVERYWHERE
            ]
    assert found == []


def test_what_diagnostics_found_is_translated() -> None:
    """Details and fixes are whole sentences of `tr`; only names of programs stand outside of it."""
    found = []
    for file in sorted(APP.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "core.checks import Check" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            said: list[ast.expr] = []
            if isinstance(node, ast.Call) and name_of(node) == "Check":
                said = [word.value for word in node.keywords if word.arg in {"detail", "fix"}]
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"detail", "fix"}:
                said = [node.value]
            parts = [part for value in said for part in (value.values if isinstance(value, ast.JoinedStr) else [value])]
            words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            found += [f"{file.name}: {word!r}" for word in words if any(letter.isalpha() for letter in word)]
    assert sorted(set(found) - PROGRAMS) == []
