"""Garbage that may hold Qt objects is collected on the thread of the windows and nowhere else."""

from __future__ import annotations

import gc
import importlib
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dreamer_app.ui.collector import Collector


class Cycle(QObject):
    """Holds itself, as a window does through its slots."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector(qapp)
    made.start()
    yield made
    made.stop()
    made.setParent(None)


def allocate() -> None:
    """As much as makes Python collect several times."""
    kept: list[list[object]] = []
    for _ in range(20 * gc.get_threshold()[0]):
        kept.append([])
        kept[-1].append(kept)


def test_a_cycle_with_a_qt_object_dies_on_the_thread_of_the_windows(collector: Collector, qtbot: QtBot) -> None:
    died_on: list[int] = []
    weakref.finalize(Cycle(), lambda: died_on.append(threading.get_ident()))
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert not died_on
    qtbot.waitUntil(lambda: bool(died_on))
    assert died_on == [threading.get_ident()]


def test_rest_is_thorough_only_when_nobody_looks(collector: Collector, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    died: list[bool] = []
    weakref.finalize(Cycle(), died.append, True)
    collector.rest()
    assert not died and gc.get_freeze_count() > 0
    window.hide()
    collector.rest()
    assert died


def test_afterwards_python_collects_again(qapp: QApplication) -> None:
    collector = Collector(qapp)
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled() and gc.get_freeze_count() == 0
    collector.setParent(None)


def test_what_an_import_brought_is_not_walked_over_while_somebody_looks(
    collector: Collector, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    many = "brought_in_by_an_import"
    (tmp_path / f"{many}.py").write_text("KEPT = [[[]] for _ in range(50_000)]\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    frozen = gc.get_freeze_count()
    importlib.import_module(many)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > frozen + 50_000)
    monkeypatch.delitem(sys.modules, many)
    died: list[bool] = []
    weakref.finalize(Cycle(), died.append, True)
    allocate()
    qtbot.waitUntil(lambda: bool(died))
