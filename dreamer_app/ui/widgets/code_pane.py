"""Code to read: line numbers, colours, marks; selectable, zoomed, wrapped or not. It never runs or changes anything.

The one widget behind the plain code view and both sides of a difference. Texts must be made harmless before they come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from dreamer_app.core.code_diff import Span
from dreamer_app.ui.theme import FONT_POINTS, Theme, code_font
from dreamer_app.ui.widgets.highlight import LineHighlighter, Piece

SMALLEST, LARGEST = 7.0, 28.0
"""Points."""
_BAR = 3
_PAD = 8


@dataclass(frozen=True)
class PaneLine:
    """One line as it is shown.

    Attributes:
        text: Without its line break.
        numbers: What stands in the gutter, one text a column.
        sign: `+`, `−` or nothing.
        tone: `add`, `del`, `gap` (a line that only the other side has) or nothing.
        marks: Words that differ.
        pieces: Coloured pieces.
    """

    text: str
    numbers: tuple[str, ...]
    sign: str = ""
    tone: str = ""
    marks: tuple[Span, ...] = ()
    pieces: tuple[Piece, ...] = ()


class _Gutter(QWidget):
    """Numbers and signs beside the lines."""

    def __init__(self, pane: CodePane) -> None:
        super().__init__(pane)
        self._pane = pane

    def sizeHint(self) -> QSize:
        return QSize(self._pane.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pane.paint_gutter(self, event)


class CodePane(QPlainTextEdit):
    """Shows lines of code."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: Sequence[PaneLine] = ()
        self._points = FONT_POINTS
        self._gutter = _Gutter(self)
        self._highlighter = LineHighlighter(self.document())
        self.setProperty("code", True)
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(4)
        self.updateRequest.connect(self._follow)
        theme.changed.connect(self._renew)
        self.zoom_to(FONT_POINTS)
        self._renew()

    def show_lines(self, lines: Sequence[PaneLine]) -> None:
        """Show these lines, from the top."""
        self._lines = lines
        self._highlighter.set_lines([line.pieces for line in lines])
        self.setPlainText("\n".join(line.text for line in lines))
        self._mark()
        self._make_room()

    def recolour(self, lines: Sequence[PaneLine]) -> None:
        """Give the text that is there other numbers and colours."""
        self._lines = lines
        self._highlighter.set_lines([line.pieces for line in lines])
        self._highlighter.rehighlight()
        self._make_room()

    def zoom_to(self, points: float) -> None:
        """Set the size of the text, in points."""
        self._points = min(LARGEST, max(SMALLEST, points))
        self.setFont(code_font(self._points))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._make_room()

    @property
    def points(self) -> float:
        """Size of the text."""
        return self._points

    def wrap(self, *, on: bool) -> None:
        """Break long lines, or scroll to them."""
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)

    def go_to(self, row: int) -> None:
        """Bring a row into view, a few lines below the top."""
        bar = self.verticalScrollBar()
        bar.setValue(max(0, row - 3))
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(row)))

    def gutter_width(self) -> int:
        """Room for the numbers, in device-independent pixels."""
        columns = self._columns()
        widest = max((len(number) for line in self._lines for number in line.numbers), default=1)
        digit = self.fontMetrics().horizontalAdvance("0")
        signs = digit * 2 if any(line.sign or line.tone for line in self._lines) else 0
        return _BAR + _PAD + columns * (max(2, widest) * digit + _PAD) + signs

    def paint_gutter(self, gutter: QWidget, event: QPaintEvent) -> None:
        """Draw the numbers, signs and bars of what is visible."""
        tokens = self._theme.tokens
        painter = QPainter(gutter)
        painter.fillRect(event.rect(), QColor(tokens.sunken))
        painter.setFont(self.font())
        digit = self.fontMetrics().horizontalAdvance("0")
        signs = 2 * digit if self._signed() else 0
        column = (gutter.width() - _BAR - _PAD - signs) // max(1, self._columns())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber()
            if block.isVisible() and number < len(self._lines):
                line = self._lines[number]
                rect = QRect(0, round(top), gutter.width(), round(height))
                if line.tone in {"add", "del"}:
                    painter.fillRect(rect, QColor(getattr(tokens, f"{line.tone}_bg")))
                    painter.fillRect(QRect(0, rect.top(), _BAR, rect.height()), self._mark_colour(line.tone))
                painter.setPen(QColor(tokens.text_muted))
                row = QRect(0, rect.top(), 0, self.fontMetrics().height())
                for n, text in enumerate(line.numbers):
                    place = QRect(_BAR + n * column, row.top(), column, row.height())
                    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
                if line.sign:
                    painter.setPen(self._mark_colour(line.tone))
                    place = QRect(gutter.width() - 2 * digit - 2, row.top(), 2 * digit, row.height())
                    painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, line.sign)
            top += height
            block = block.next()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the gutter beside the text."""
        super().resizeEvent(event)
        self._place_gutter()

    def _columns(self) -> int:
        return max((len(line.numbers) for line in self._lines), default=1)

    def _signed(self) -> bool:
        return any(line.sign or line.tone for line in self._lines)

    def _mark_colour(self, tone: str) -> QColor:
        return QColor(getattr(self._theme.tokens, f"{tone}_mark"))

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        self._place_gutter()
        self._gutter.update()

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self._gutter.setGeometry(QRect(inside.left(), inside.top(), self.gutter_width(), inside.height()))

    def _follow(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def _renew(self) -> None:
        self._highlighter.colour(self._theme.tokens)
        self._mark()
        self._gutter.update()

    def _mark(self) -> None:
        tokens = self._theme.tokens
        selections = []
        for number, line in enumerate(self._lines):
            if not line.tone:
                continue
            ground = QTextCharFormat()
            shade = tokens.bg if line.tone == "gap" else getattr(tokens, f"{line.tone}_bg")
            ground.setBackground(QColor(shade))
            ground.setProperty(QTextFormat.Property.FullWidthSelection, True)
            cursor = QTextCursor(self.document().findBlockByNumber(number))
            selections.append(_selection(cursor, ground))
            for start, end in line.marks:
                word = QTextCharFormat()
                colour = self._mark_colour(line.tone)
                word.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                word.setUnderlineColor(colour)
                colour.setAlphaF(0.24)
                word.setBackground(colour)
                marked = QTextCursor(cursor)
                marked.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.MoveAnchor, start)
                marked.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, end - start)
                selections.append(_selection(marked, word))
        self.setExtraSelections(selections)


def _selection(cursor: QTextCursor, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
    one = QTextEdit.ExtraSelection()
    one.cursor = cursor
    one.format = form
    return one
