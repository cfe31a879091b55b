"""Two texts and their difference, in one column or side by side. Told apart by sign, bar and hue, never by hue alone.

Both sides keep their syntax colours; the words that differ are underlined. It compares texts and knows nothing of where
they come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSplitter, QToolButton, QVBoxLayout, QWidget

from dreamer_app.core.code_diff import Diff, Row, RowKind, Side, compare, unified
from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.plain_text import visible
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_1, SPACE_2
from dreamer_app.ui.widgets.code_pane import CodePane, PaneLine
from dreamer_app.ui.widgets.highlight import Piece, lexed

MINUS, PLUS = "−", "+"
_Pieces = Sequence[tuple[Piece, ...]]


class DiffView(QWidget):
    """The difference of two Python texts.

    Attributes:
        left: The left pane, hidden in the view with one column.
        right: The right pane; both texts in the view with one column.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diff: Diff = compare("", "")
        self._colours: tuple[_Pieces, _Pieces] = ((), ())
        self._names = ("", "")
        self._split = False
        self._change = -1
        self.left, self.right = CodePane(theme), CodePane(theme)
        self._left_name, self._right_name, self._count = QLabel(), QLabel(), QLabel()
        for label in (self._left_name, self._right_name, self._count):
            label.setProperty("muted", True)
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._sides.setChildrenCollapsible(False)
        self._left_side = _captioned(self.left, self._left_name)
        self._sides.addWidget(self._left_side)
        self._sides.addWidget(_captioned(self.right, self._right_name))
        self._buttons = {
            key: _button(icons, icon, text, slot)
            for key, icon, text, slot in (
                ("previous", "chevron-up", tr("Previous change"), self.previous_change),
                ("next", "chevron-down", tr("Next change"), self.next_change),
                ("split", "split", tr("Unified or split view"), self.toggle),
            )
        }
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_2, 0, 0, 0)
        bar.addWidget(self._count)
        bar.addStretch(1)
        for button in self._buttons.values():
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_1)
        layout.addLayout(bar)
        layout.addWidget(self._sides, 1)
        self._link(self.left, self.right)
        self._link(self.right, self.left)

    def show_texts(self, left: str, right: str, left_name: str, right_name: str) -> None:
        """Compare two texts and show the first change."""
        a, b = visible(left).rstrip("\n"), visible(right).rstrip("\n")
        self._diff = compare(a, b)
        self._colours = (lexed(a), lexed(b))
        self._names = (left_name, right_name)
        added, removed = self._diff.added, self._diff.removed
        changes = trn("{n} change", "{n} changes", len(self._diff.changes))
        self._count.setText(
            f"{changes} · {PLUS}{added} {MINUS}{removed}" if self._diff.changes else tr("No difference")
        )
        self._render()

    @property
    def split(self) -> bool:
        """Whether both texts stand side by side."""
        return self._split

    def toggle(self) -> None:
        """One column, or side by side."""
        self.set_split(on=not self._split)

    def set_split(self, *, on: bool) -> None:
        """Stand side by side, or in one column."""
        self._split = on
        self._render()
        self._sides.setSizes([self._sides.width() // 2] * 2)

    def next_change(self) -> None:
        """Go to the next change; after the last comes the first."""
        self._go(1)

    def previous_change(self) -> None:
        """Go to the change before; before the first comes the last."""
        self._go(-1)

    def zoom_to(self, points: float) -> None:
        """Set the size of the text, in points."""
        self.left.zoom_to(points)
        self.right.zoom_to(points)

    def _go(self, step: int) -> None:
        starts = self._starts()
        if starts:
            self._change = (self._change + step) % len(starts) if self._change >= 0 or step < 0 else 0
            self.right.go_to(starts[self._change])

    def _starts(self) -> list[int]:
        rows = self._rows()
        different = [row.kind is not RowKind.SAME for row in rows]
        return [n for n, found in enumerate(different) if found and (n == 0 or not different[n - 1])]

    def _rows(self) -> tuple[Row, ...]:
        return self._diff.rows if self._split else unified(self._diff)

    def _render(self) -> None:
        self._change = -1
        rows = self._rows()
        self._left_side.setVisible(self._split)
        left, right = self._names
        self._left_name.setText(left)
        self._right_name.setText(right if self._split else f"{MINUS} {left}    {PLUS} {right}")
        self.left.setAccessibleName(left)
        self.right.setAccessibleName(
            right if self._split else tr("Difference of {left} and {right}", left=left, right=right)
        )
        if self._split:
            self.left.show_lines([self._line(row.left, "del", row, 0) for row in rows])
            self.right.show_lines([self._line(row.right, "add", row, 1) for row in rows])
        else:
            self.right.show_lines([self._both(row) for row in rows])
        starts = self._starts()
        if starts:
            self.right.go_to(starts[0])

    def _line(self, side: Side | None, tone: str, row: Row, which: int) -> PaneLine:
        if side is None:
            return PaneLine("", ("",), tone="gap")
        same = row.kind is RowKind.SAME
        return PaneLine(
            side.text,
            (str(side.number),),
            sign="" if same else (PLUS if which else MINUS),
            tone="" if same else tone,
            marks=side.spans,
            pieces=self._colours[which][side.number - 1],
        )

    def _both(self, row: Row) -> PaneLine:
        side = row.right or row.left
        assert side is not None
        same = row.kind is RowKind.SAME
        added = row.left is None
        return PaneLine(
            side.text,
            (str(row.left.number) if row.left else "", str(row.right.number) if row.right else ""),
            sign="" if same else (PLUS if added else MINUS),
            tone="" if same else ("add" if added else "del"),
            marks=side.spans,
            pieces=self._colours[1 if row.right else 0][side.number - 1],
        )

    @staticmethod
    def _link(one: CodePane, other: CodePane) -> None:
        one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
        one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)


def _captioned(pane: CodePane, name: QLabel) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_1)
    name.setContentsMargins(SPACE_2, 0, 0, 0)
    name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long name makes no side wider
    layout.addWidget(name)
    layout.addWidget(pane, 1)
    return box


def _button(icons: Icons, icon: str, text: str, slot: object) -> QToolButton:
    button = QToolButton()
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    icons.put(button, icon, "text_muted")
    button.clicked.connect(slot)
    return button
