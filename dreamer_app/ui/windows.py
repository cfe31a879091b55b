"""What small windows are made of: heading, rows of text, cards, buttons in a row. No window stands here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dreamer_app.ui.tokens import SPACE_2, SPACE_3, SPACE_4


class Window(QWidget):
    """A window with a heading and a column, which Escape closes.

    Args:
        title: Of the window and its heading.
        width: At first, in device-independent pixels.
        height: At first.
    """

    def __init__(self, title: str, width: int, height: int) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(width, height)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        self.column.setSpacing(SPACE_3)
        self.column.addWidget(heading(title))
        QShortcut(QKeySequence("Escape"), self, self.close)


def heading(text: str, rank: int = 1) -> QLabel:
    """A heading of rank 1 to 3."""
    label = QLabel(text)
    label.setProperty("heading", str(rank))
    return label


def words(text: str, *, muted: bool = False, tone: str = "") -> QLabel:
    """A paragraph that can be selected with mouse and keyboard."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", muted)
    if tone:
        label.setProperty("tone", tone)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def button(text: str, pressed: Callable[[], object], *, primary: bool = False, flat: bool = False) -> QPushButton:
    """A button."""
    made = QPushButton(text)
    made.setProperty("primary", primary)
    made.setProperty("flat", flat)
    made.clicked.connect(lambda _checked=False: pressed())
    return made


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets beside each other; None pushes what follows to the right."""
    line = QHBoxLayout()
    line.setSpacing(SPACE_2)
    for widget in widgets:
        if widget is None:
            line.addStretch()
        else:
            line.addWidget(widget)
    return line


def card() -> tuple[QFrame, QVBoxLayout]:
    """A card and its column."""
    frame = QFrame()
    frame.setProperty("card", True)
    column = QVBoxLayout(frame)
    column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
    column.setSpacing(SPACE_2)
    return frame, column


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    QApplication.clipboard().setText(text)
