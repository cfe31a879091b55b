"""Tab 6: the attempts and decisions of a dream, and the latest decisions of all, which can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.plain_text import one_line
from dreamer_app.service.journal import DreamPage
from dreamer_app.store.records import ReviewAction
from dreamer_app.ui.journal.words import action_text, attempt_text, decision_text
from dreamer_app.ui.tokens import SPACE_2, SPACE_3, SPACE_4

_NUMBER = Qt.ItemDataRole.UserRole


class HistoryView(QWidget):
    """What happened.

    Attributes:
        take_back: The decision about the dream shown shall be taken back.
        take_action_back: One of the latest decisions shall be taken back; carries its number.
    """

    take_back = Signal()
    take_action_back = Signal(int)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.events = _table(tr("History"), [tr("When"), tr("What"), tr("Note")])
        self.latest = _table(tr("Latest decisions"), [tr("When"), tr("What"), ""])
        self.button = QPushButton(tr("Take the latest decision about this dream back"))
        self.button.clicked.connect(self.take_back)
        self.one = QPushButton(tr("Take the selected decision back"))
        self.one.clicked.connect(lambda: self.take_action_back.emit(self._selected()))
        self.latest.itemSelectionChanged.connect(self._offer)
        heading = QLabel(tr("Your ten latest decisions"))
        heading.setProperty("heading", "3")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        layout.setSpacing(SPACE_2)
        layout.addWidget(self.events, 3)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(SPACE_3)
        layout.addWidget(heading)
        layout.addWidget(self.latest, 2)
        layout.addWidget(self.one, 0, Qt.AlignmentFlag.AlignLeft)

    def show_page(self, page: DreamPage, latest: Sequence[ReviewAction]) -> None:
        """Show a dream's history and the latest decisions of all."""
        events = [(one.started_at, attempt_text(one), one_line(one.coder)) for one in page.attempts]
        for decision in page.decisions:
            said = decision_text(decision.review)
            if decision.review is decision.previous:
                said = tr("Note")
            if decision.undone_at is not None:
                said = tr("{decision}, taken back", decision=said)
            events.append((decision.decided_at, said, one_line(decision.reason)))
        _fill(self.events, [(_moment(at), what, note) for at, what, note in sorted(events)])
        self.button.setEnabled(any(one.undone_at is None for one in page.decisions))
        _fill(
            self.latest,
            [
                (
                    _moment(one.done_at),
                    action_text(one.kind, len(one.dreams)),
                    tr("taken back") if one.undone_at else "",
                )
                for one in latest
            ],
        )
        for row, one in enumerate(latest):
            item = self.latest.topLevelItem(row)
            assert item is not None
            item.setData(0, _NUMBER, 0 if one.undone_at else one.id)
        self._offer()

    def _selected(self) -> int:
        """The action that is selected; 0 when there is none, or it was taken back."""
        return next((int(item.data(0, _NUMBER)) for item in self.latest.selectedItems()), 0)

    def _offer(self) -> None:
        self.one.setEnabled(self._selected() > 0)


def _table(name: str, headers: list[str]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(name)
    table.setHeaderLabels(headers)
    table.setRootIsDecorated(False)
    table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return table


def _fill(table: QTreeWidget, rows: Sequence[tuple[str, ...]]) -> None:
    table.clear()
    for row in rows:
        table.addTopLevelItem(QTreeWidgetItem(list(row)))


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%d.%m.%Y %H:%M}"
