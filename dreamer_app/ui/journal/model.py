"""The list of dreams: every identifier in order, and the lines of the few pages that were looked at.

A hundred thousand dreams open at once and the scroll bar tells the truth. Filtering and sorting happen in SQL only; a
proxy model over this one would cost seconds (measured).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dreamer_app.core.i18n import tr
from dreamer_app.core.plain_text import one_line
from dreamer_app.store.records import DreamSummary
from dreamer_app.ui.journal.words import state_text, when_text

PAGE = 64
"""Lines read at once."""
PAGES = 24
"""Pages kept."""

LINE = Qt.ItemDataRole.UserRole
"""Role under which a row gives its DreamSummary."""

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class DreamListModel(QAbstractListModel):
    """Dreams by row.

    Args:
        read: Gives the lines of some identifiers.
        now: What time it is.
    """

    def __init__(
        self,
        read: Callable[[Sequence[str]], Sequence[DreamSummary]],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._now = now
        self._ids: list[str] = []
        self._pages: OrderedDict[int, dict[str, DreamSummary]] = OrderedDict()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """All dreams, whether read or not."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, or what a screen reader says, or the whole line."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, LINE):
            return None
        line = self.line(index.row())
        if role == LINE or line is None:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(line.title)
        said = (
            one_line(line.title),
            ", ".join(line.libraries),
            state_text(line),
            when_text(line.created_at, self._now()),
            *([tr("flagged")] if line.flagged else []),
        )
        return ", ".join(said)

    @property
    def ids(self) -> Sequence[str]:
        """Every identifier, in order."""
        return self._ids

    def set_ids(self, ids: Sequence[str]) -> None:
        """Show other dreams."""
        self.beginResetModel()
        self._ids = list(ids)
        self._pages.clear()
        self.endResetModel()

    def take_news(self, ids: Sequence[str]) -> bool:
        """Show the same list as it is now; what is selected stays selected when dreams only came in at one end.

        Returns:
            Whether it is so; otherwise nothing was done, and `set_ids` shows the list.
        """
        old, more = len(self._ids), len(ids) - len(self._ids)
        if more >= 0 and list(ids[more:]) == self._ids:
            first, last = 0, more - 1
        elif more >= 0 and list(ids[:old]) == self._ids:
            first, last = old, len(ids) - 1
        else:
            return False
        if more:
            self.beginInsertRows(QModelIndex(), first, last)
            self._ids = list(ids)
            self._pages.clear()
            self.endInsertRows()
        self.renew()
        return True

    def remove(self, ids: Collection[str]) -> None:
        """Take dreams out of the list, one run of rows after the other from the end."""
        gone = frozenset(ids)
        if len(gone) == 1:
            rows = [row for row in [self.row_of(*gone)] if row is not None]
        else:
            rows = [row for row, identifier in enumerate(self._ids) if identifier in gone]
        while rows:
            last = first = rows.pop()
            while rows and rows[-1] == first - 1:
                first = rows.pop()
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._ids[first : last + 1]
            self._pages.clear()
            self.endRemoveRows()

    def renew(self) -> None:
        """Read again what is shown, as something in it changed."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    def line(self, row: int) -> DreamSummary | None:
        """The line of a row; None when it went away meanwhile."""
        if not 0 <= row < len(self._ids):
            return None
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            found = self._read(self._ids[number * PAGE : (number + 1) * PAGE])
            page = self._pages[number] = {line.id: line for line in found}
            if len(self._pages) > PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page.get(self._ids[row])

    def row_of(self, dream_id: str) -> int | None:
        """Where a dream stands; None when it is not in the list."""
        try:
            return self._ids.index(dream_id)
        except ValueError:
            return None
