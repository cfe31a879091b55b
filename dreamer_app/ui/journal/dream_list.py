"""The list between sidebar and dream: two lines a dream, its state as a shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from dreamer_app.core.plain_text import one_line
from dreamer_app.store.records import DreamSummary
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.model import LINE, DreamListModel
from dreamer_app.ui.journal.words import icon_of, state_text, when_text
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_1, SPACE_2, SPACE_3

ICON = 18


class DreamDelegate(QStyledItemDelegate):
    """Draws one dream."""

    def __init__(self, theme: Theme, icons: Icons, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icons, self._now = theme, icons, now

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Called by Qt."""
        line = index.data(LINE)
        if line is None:
            return
        tokens, rect = self._theme.tokens, QRect(option.rect)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(tokens.sunken))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.accent))
        self._words(painter, line, rect, option.font)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _words(self, painter: QPainter, line: DreamSummary, rect: QRect, font: QFont) -> None:
        tokens = self._theme.tokens
        name, tone = icon_of(line)
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        picture = self._icons.pixmap(name, ICON, tone, ratio)
        inside = rect.adjusted(SPACE_3, SPACE_2, -SPACE_3, -SPACE_2)
        painter.drawPixmap(inside.left(), inside.top() + 1, picture)
        inside.setLeft(inside.left() + ICON + SPACE_2)
        metrics = QFontMetrics(font)
        when = when_text(line.created_at, self._now())
        width = metrics.horizontalAdvance(when)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        title = metrics.elidedText(one_line(line.title), Qt.TextElideMode.ElideRight, inside.width() - width - SPACE_2)
        painter.drawText(inside.left(), inside.top() + metrics.ascent(), title)
        painter.setPen(QColor(tokens.text_muted))
        painter.drawText(inside.right() - width, inside.top() + metrics.ascent(), when)
        below = inside.top() + metrics.height() + SPACE_1 + metrics.ascent()
        names = ", ".join(library.partition(" ")[0] for library in line.libraries)
        said = state_text(line)
        second = f"{names} · {said}" if names else said
        if line.flagged:
            flag = self._icons.pixmap("flag", ICON, "accent", ratio)
            painter.drawPixmap(inside.right() - ICON, below - metrics.ascent(), flag)
            inside.setRight(inside.right() - ICON - SPACE_2)
        painter.drawText(inside.left(), below, metrics.elidedText(second, Qt.TextElideMode.ElideRight, inside.width()))


class DreamList(QTableView):
    """Shows the model; several can be selected.

    A table of one column, because a list view asks for every row before it shows the first one: 1.1 s for 100,000
    dreams (measured), where rows of one height need no asking.

    Attributes:
        whole: Called before somebody goes to the end: the list must be whole then.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        model: DreamListModel,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.whole: Callable[[], None] = lambda: None
        self.setModel(model)
        self.setItemDelegate(DreamDelegate(theme, icons, now, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(2 * QFontMetrics(self.font()).height() + 3 * SPACE_2)  # two lines of text with room
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # typing a letter is a command here, never a search for a title
        self.keyboardSearch = lambda _text: None  # type: ignore[method-assign]

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last dream; a table's own stay in the row."""
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        if action in ends:
            if action is QAbstractItemView.CursorAction.MoveEnd:
                self.whole()
            rows = self.model().rowCount()
            return self.model().index(ends[action] % rows, 0) if rows else QModelIndex()
        return super().moveCursor(action, modifiers)
