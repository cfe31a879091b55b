"""The list in the journal's window: which dreams are in it, which one is in view, and what is selected.

A long list is shown by its beginning and is whole a moment later; whoever needs its end waits for it here.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from dreamer_app.core.journal_query import JournalQuery
from dreamer_app.store.listing import Order
from dreamer_app.store.records import DreamSummary
from dreamer_app.ui.journal.dream_list import DreamList
from dreamer_app.ui.journal.model import DreamListModel
from dreamer_app.ui.journal.reading import JournalReading


class Shelf(QObject):
    """Keeps model, view and reading together.

    Args:
        reading: Gives the identifiers.
        model: Holds them.
        view: Shows them.

    Attributes:
        emptied: Nothing is in view.
        counted: More or fewer dreams are listed or selected.
    """

    emptied = Signal()
    counted = Signal()

    def __init__(self, reading: JournalReading, model: DreamListModel, view: DreamList, parent: QObject) -> None:
        super().__init__(parent)
        self._reading, self._model, self._view = reading, model, view
        view.whole = self.complete
        view.selectionModel().selectionChanged.connect(self.counted)
        reading.arrived.connect(self._take)

    @property
    def row(self) -> int:
        """Of the dream in view; negative when there is none."""
        return self._view.currentIndex().row()

    @property
    def line(self) -> DreamSummary | None:
        """The dream in view."""
        return self._model.line(self.row)

    @property
    def current(self) -> str | None:
        """Its identifier."""
        return self.at(self.row)

    @property
    def following(self) -> str | None:
        """The dream after the one in view."""
        return self.at(self.row + 1)

    @property
    def selected(self) -> list[str]:
        """The dreams that a decision is about, in the order of the list."""
        rows = sorted({index.row() for index in self._view.selectionModel().selectedRows()})
        ids = [self._model.ids[row] for row in rows if row < len(self._model.ids)]
        return ids or ([self.current] if self.current else [])

    @property
    def whole(self) -> bool:
        """Whether all of a long list is there."""
        return not self._reading.more

    def at(self, row: int) -> str | None:
        """The dream in a row."""
        return self._model.ids[row] if 0 <= row < len(self._model.ids) else None

    def ask(self, query: JournalQuery, order: Order, keep: str | None) -> None:
        """List what a query wants, and keep a dream in view if it is there."""
        self._show(self._reading.ask(query, order), keep)

    def take_news(self, ids: Sequence[str]) -> bool:
        """The same list as it is now; what is selected stays selected where that can be.

        Returns:
            Whether the dream in view is the same, and is not as it was.
        """
        self._reading.rest()  # older than this
        line, stays = self.line, self._model.take_news(ids)
        if not stays:
            self._show(ids, self.current)
        elif self.row < 0:
            self.stand_on(0)
        self.counted.emit()
        return stays and line is not None and self.line != line

    def complete(self) -> None:
        """Wait for the rest of a long list, if it is still to come."""
        whole = self._reading.rest()
        if whole is not None:
            self._take(whole)

    def stand_on(self, row: int) -> None:
        """Bring a dream into view, and select it alone."""
        if 0 <= row < self._model.rowCount():
            index = self._model.index(row)
            self._view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._view.scrollTo(index)
        else:
            self.emptied.emit()

    def step(self, by: int) -> None:
        """Go to the next dream or the one before."""
        rows = self._model.rowCount()
        if rows:
            self.stand_on(min(rows - 1, max(0, self.row + by)))

    def select_all(self) -> None:
        """Select everything that is listed."""
        self.complete()
        self._view.selectAll()

    def _show(self, ids: Sequence[str], keep: str | None) -> None:
        self._model.set_ids(ids)
        if keep is not None and self._model.row_of(keep) is None:
            self.complete()
        row = self._model.row_of(keep) if keep is not None else None
        self.stand_on(row if row is not None else 0)

    def _take(self, ids: Sequence[str]) -> None:
        if not self._model.take_news(ids):
            self._show(ids, self.current)
        self.counted.emit()
