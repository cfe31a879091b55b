"""The search box with what it understood: a chip for every qualifier, a sentence for what makes no sense.

It asks 150 ms after the last key, so that typing is never waited for.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.journal_query import QUALIFIERS, JournalQuery, Term, parse
from dreamer_app.core.plain_text import one_line
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.tokens import SPACE_1

PATIENCE_MS = 150


class SearchField(QLineEdit):
    """The box; Escape empties it, and leaves it when it is empty.

    Attributes:
        left: The person is done with it.
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Called by Qt."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Down}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchBar(QWidget):
    """Box and chips.

    Attributes:
        asked: Another question was asked; carries the JournalQuery.
        field: The box.
    """

    asked = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._query = JournalQuery()
        self.field = SearchField()
        self.field.setPlaceholderText(tr("Search: words, lib:rich, gate:G4 …"))
        self.field.setAccessibleName(tr("Search"))
        self.field.setClearButtonEnabled(True)
        self.field.setToolTip("\n".join(f"{one.example}   {tr(one.meaning)}" for one in QUALIFIERS))
        self._problem = QLabel()
        self._problem.setProperty("tone", "warn")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._chips = QHBoxLayout()
        self._chips.setSpacing(SPACE_1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._ask)
        self.field.textChanged.connect(lambda _text: self._timer.start())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_1)
        layout.addWidget(self.field)
        layout.addLayout(self._chips)
        layout.addWidget(self._problem)

    @property
    def query(self) -> JournalQuery:
        """What was asked last."""
        return self._query

    def set_text(self, text: str) -> None:
        """Ask something at once."""
        self.field.setText(text)
        self._timer.stop()
        self._ask()

    def _ask(self) -> None:
        query = parse(self.field.text())
        if query == self._query:
            return
        self._query = query
        self._problem.setText(one_line(" · ".join(query.problems)))
        self._problem.setVisible(bool(query.problems))
        self._show_chips(query)
        self.asked.emit(query)

    def _show_chips(self, query: JournalQuery) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        before: QWidget = self.field
        for term in query.terms:
            chip = self._chip(term)
            self._chips.addWidget(chip)
            self.setTabOrder(before, chip)
            before = chip
        if query.terms:
            self._chips.addStretch(1)

    def _chip(self, term: Term) -> QToolButton:
        chip = QToolButton()
        chip.setProperty("chip", True)
        chip.setText(one_line(term.text))
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setAccessibleName(tr("Remove filter {filter}", filter=term.text))
        chip.setToolTip(tr("Remove filter {filter}", filter=term.text))
        self._icons.put(chip, "cross", "text_muted")
        chip.clicked.connect(lambda: self.set_text(self._query.without(term).text))
        return chip
