"""The places of the journal, each a question to it, with how many dreams wait there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.journal_query import JournalQuery, where
from dreamer_app.core.types import DreamState, Review
from dreamer_app.service.journal import JournalCounts
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.words import night_text
from dreamer_app.ui.theme import Theme

NIGHTS = 7
"""Nights listed; older ones are found with `night:`."""

_PLACE = Qt.ItemDataRole.UserRole
COUNT_INDENT = 18
"""Pixels between a figure and the edge; a scroll bar has room there."""
BESIDE_NAME = 46
"""Pixels beside the words of a name: what stands before it, its icon included, and a gap before the figure."""


@dataclass(frozen=True)
class Place:
    """One entry.

    Attributes:
        key: Stable, e.g. `review` or `lib:rich`.
        text: In the person's language.
        query: What it shows.
        count: Dreams there; None shows none.
        icon: Of `resources/icons`.
    """

    key: str
    text: str
    query: JournalQuery
    count: int | None
    icon: str


def places(counts: JournalCounts, now: datetime) -> tuple[tuple[str, tuple[Place, ...]], ...]:
    """Every place under its heading."""
    verified = DreamState.VERIFIED
    last = counts.nights[0].dreams if counts.nights else 0
    first = (
        Place("last", tr("Last night"), where(night="last"), last, "moon"),
        Place("review", tr("To review"), where(review="pending"), counts.of(verified, Review.PENDING), "eye"),
        Place("approved", tr("Approved"), where(review="approved"), counts.of(verified, Review.APPROVED), "ok"),
        Place("rejected", tr("Rejected"), where(review="rejected"), counts.of(verified, Review.REJECTED), "cross"),
        Place("failed", tr("Not proved"), where(state="failed"), counts.of(DreamState.FAILED), "warning"),
        Place("all", tr("All dreams"), JournalQuery(), sum(one.dreams for one in counts.states), "book"),
    )
    nights = tuple(
        Place(f"night:{one.name}", night_text(one.name, now), where(night=one.name.lower()), one.dreams, "clock")
        for one in counts.nights[:NIGHTS]
    )
    libraries = tuple(
        Place(f"lib:{one.name}", one.name, where(lib=one.name), one.dreams, "branch") for one in counts.libraries
    )
    return (("", first), (tr("Nights"), nights), (tr("Libraries"), libraries))


class PlaceDelegate(QStyledItemDelegate):
    """Draws a place with its figure at the right, where figures can be compared."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Called by Qt."""
        super().paint(painter, option, index)
        count = _figure(index.data(_PLACE))
        if count:
            painter.save()
            painter.setFont(option.font)
            painter.setPen(QColor(self._theme.tokens.text_muted))
            place = option.rect.adjusted(0, 0, -COUNT_INDENT, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
            painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The name ends before the figure."""
        super().initStyleOption(option, index)
        place = index.data(_PLACE)
        if place is None:
            option.palette.setColor(QPalette.ColorRole.Text, QColor(self._theme.tokens.text_muted))
            return
        taken = option.fontMetrics.horizontalAdvance(_figure(place)) + COUNT_INDENT + BESIDE_NAME
        room = option.rect.width() - taken
        option.text = option.fontMetrics.elidedText(place.text, Qt.TextElideMode.ElideRight, room)


def _figure(place: Place | None) -> str:
    return "" if place is None or place.count is None else f"{place.count:,}".replace(",", "\u202f")


class Sidebar(QListWidget):
    """The places as a list.

    Attributes:
        chosen: A place was chosen; carries the Place.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._now = icons, now
        self._counts: JournalCounts | None = None
        self.setItemDelegate(PlaceDelegate(theme, self))
        self.setProperty("sidebar", True)
        self.setMinimumWidth(190)
        self.setAccessibleName(tr("Places"))
        self.setIconSize(QSize(16, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.currentItemChanged.connect(self._choose)
        theme.changed.connect(self._renew)

    def show_counts(self, counts: JournalCounts) -> None:
        """Bring entries and figures up to date; the place in use stays."""
        self._counts = counts
        current = self.place
        self.blockSignals(True)
        self.clear()
        for heading, group in places(counts, self._now()):
            if heading and group:
                title = QListWidgetItem(heading)
                title.setFlags(Qt.ItemFlag.NoItemFlags)
                self.addItem(title)
            for place in group:
                self._add(place)
                if current is not None and place.key == current.key:
                    self.setCurrentRow(self.count() - 1)
        self.blockSignals(False)

    @property
    def place(self) -> Place | None:
        """The place in use."""
        item = self.currentItem()
        found = item.data(_PLACE) if item is not None else None
        return found if isinstance(found, Place) else None

    def go(self, key: str) -> bool:
        """Choose a place by its key.

        Returns:
            False when there is none.
        """
        for row in range(self.count()):
            place = self.item(row).data(_PLACE)
            if place is not None and place.key == key:
                self.setCurrentRow(row)
                return True
        return False

    def _add(self, place: Place) -> None:
        item = QListWidgetItem(place.text)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{place.text} {_figure(place)}".strip())
        item.setData(_PLACE, place)
        item.setIcon(self._icons.pixmap(place.icon, 16, "text_muted", self.devicePixelRatioF()))
        self.addItem(item)

    def _renew(self) -> None:
        if self._counts is not None:
            self.show_counts(self._counts)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_PLACE) is not None:
            self.chosen.emit(item.data(_PLACE))
