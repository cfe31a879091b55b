"""Rules of the interface that nobody remembers at the moment when they matter."""

from __future__ import annotations

import ast
import re
import sys

from PySide6.QtCore import QObject

from tests.house.tracked import ROOT

SOURCES = sorted((ROOT / "dreamer_app").rglob("*.py"))
STATIC_BOXES = {"question", "information", "warning", "critical", "about", "aboutQt"}


def test_no_nested_event_loop() -> None:
    """A nested loop inside a coroutine loses other tasks' wake-ups for good."""
    found = []
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                nested = file.is_relative_to(ROOT / "dreamer_app" / "ui") and node.func.attr in {"exec", "exec_"}
                if nested or (owner == "QMessageBox" and node.func.attr in STATIC_BOXES):
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_no_colour_outside_the_tokens() -> None:
    places = [*(ROOT / "dreamer_app" / "ui").rglob("*.py"), *(ROOT / "resources" / "qss").glob("*.qss")]
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in places
        if file.name != "tokens.py"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#[0-9A-Fa-f]{6}\b|\brgba?\(", line)
    ]
    assert found == []


def test_qt_does_not_eat_references() -> None:
    """PySide6 6.12.0 on Python 3.11 drops one reference to None per call, and the program aborts hours later."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 100
