"""The scenes of the journal, for exact pictures and for docs/screenshots alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QAbstractAnimation
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from dreamer_app.ui.journal.window import JournalWindow


def settle() -> None:
    """Let Qt lay out and paint what is due, and end what fades in, as the cross in a search box does; no mouse."""
    QCursor.setPos(9000, 9000)
    for _ in range(3):
        QApplication.processEvents()
        for widget in QApplication.allWidgets():
            for animation in widget.findChildren(QAbstractAnimation):
                animation.setCurrentTime(animation.duration())


def _tab(number: int) -> Callable[[JournalWindow], None]:
    def scene(window: JournalWindow) -> None:
        window.detail.tabs.setCurrentIndex(number)

    return scene


def _split(window: JournalWindow) -> None:
    window.resize(1480, 860)
    window.detail.tabs.setCurrentIndex(4)
    window.detail.changes.diff.set_split(on=True)


def _stopped(window: JournalWindow) -> None:
    window.sidebar.go("failed")
    window.detail.tabs.setCurrentIndex(3)


def _search(window: JournalWindow) -> None:
    window.sidebar.go("all")
    window.search.set_text("lib:rich state:verified tally")


def _nothing(window: JournalWindow) -> None:
    window.sidebar.go("all")
    window.search.set_text("lib:rich nothinglikethis")


def _reason(window: JournalWindow) -> None:
    window.reject()


def _history(window: JournalWindow) -> None:
    window.sidebar.go("approved")
    window.detail.tabs.setCurrentIndex(5)


JOURNAL_SCENES: Mapping[str, Callable[[JournalWindow], None]] = {
    "task": _tab(0),
    "code": _tab(1),
    "changes": _tab(4),
    "split": _split,
    "stopped": _stopped,
    "search": _search,
    "nothing": _nothing,
    "reason": _reason,
    "history": _history,
}
