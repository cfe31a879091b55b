"""Every text that a person can see has its Polish, and none is shown past the translation."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.i18n import read_catalogue
from dreamer_app.core.journal_query import QUALIFIERS
from dreamer_app.core.settings import Settings
from dreamer_app.guardian.guardian import asking_gates, reading_gates, running_gates
from dreamer_app.ui.wizard import progress_words
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


@cache
def nodes(folder: Path) -> tuple[tuple[Path, ast.AST], ...]:
    """What a person may read is in calls, and errors are classes; the rest of the program is not kept."""
    return tuple(
        (file, node)
        for file in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.ClassDef)
    )


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


def errors() -> set[str]:
    """Titles, messages and hints of every error that the desktop may have to tell."""
    kinds, found = {"DreamerError"}, set()
    for _ in range(3):  # as deep as they are derived
        classes = [node for _, node in nodes(APP) if isinstance(node, ast.ClassDef)]
        kinds |= {one.name for one in classes if kinds & {getattr(base, "id", "") for base in one.bases}}
    for file, node in nodes(APP):
        elsewhere = {"api", "cli", "model_weaver"} & set(file.relative_to(APP).parts)
        if isinstance(node, ast.Call) and name_of(node) in kinds and not elsewhere:
            found |= {str(part.value) for part in node.args if isinstance(part, ast.Constant) and part.value}
    return found - {"syncfs"}  # the name of a system call


def steps() -> set[str]:
    """Steps of long work."""
    found = set()
    for _, node in nodes(APP):
        if isinstance(node, ast.Call) and name_of(node) == "Progress":
            steps = [word.value for word in node.keywords if word.arg == "step"]
            found |= {str(step.value) for step in steps if isinstance(step, ast.Constant)}
        elif isinstance(node, ast.Call) and name_of(node) in {"tell", "_tell"} and node.args:
            found |= {str(node.args[0].value)} if isinstance(node.args[0], ast.Constant) else set()
    return found - {"solve", "seal", "stopped and let go on", "workers started"}  # only in a terminal


def test_polish_is_complete() -> None:
    entries = read_catalogue("pl").entries
    gates = {gate.name for make in (reading_gates, running_gates, asking_gates) for gate in make(SystemClock())}
    wanted = marked() | settings() | checks() | errors() | gates
    missing = sorted(wanted - set(entries))
    assert not missing, missing
    assert all(all(entries[text]) for text in wanted)


def test_every_step_of_long_work_has_words() -> None:
    assert sorted(steps() - set(progress_words._STEPS)) == []


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


def test_what_a_source_of_presence_says_is_translated() -> None:
    """It ends up in Diagnostics as it is."""
    found = []
    for file, node in nodes(APP / "presence"):
        if isinstance(node, ast.Call) and name_of(node) in {"CannotSee", "works", "waits"}:
            said = [*node.args, *(word.value for word in node.keywords if word.arg in {"detail", "fix"})]
            found += [f"{file.name}:{node.lineno}" for value in said if isinstance(value, ast.Constant | ast.JoinedStr)]
    assert found == []
