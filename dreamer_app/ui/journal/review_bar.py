"""The bar under a dream: the decisions with their keys, a reason for a rejection, a question before many are decided.

Nothing here is modal: the keys work on, and Escape means no.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.ui.actions import Keymap
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.words import REASONS
from dreamer_app.ui.tokens import SPACE_2, SPACE_3, SPACE_4

SHORTENED = ("journal.edit", "journal.run", "journal.folder")
"""Buttons that lose their words first."""


class ReasonField(QLineEdit):
    """A line of text that Escape gives up.

    Attributes:
        given_up: Escape was pressed.
    """

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Called by Qt."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class ReviewBar(QFrame):
    """Decisions, reasons and questions, one at a time.

    Attributes:
        closed: A reason or a question was given up or answered; the list should have the focus again.
        field: For reason and note.
        yes: Answers a question.
    """

    closed = Signal()

    def __init__(
        self, icons: Icons, keymap: Keymap, actions: dict[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._then: Callable[[str], None] | None = None
        self._icons, self._keymap = icons, keymap
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self.buttons: dict[str, QPushButton] = {}
        self._stack.addWidget(self._decisions(keymap, actions))
        self.field = ReasonField()
        self.field.setAccessibleName(tr("Why?"))
        self.field.returnPressed.connect(lambda: self._answer(self.field.text()))
        self.field.given_up.connect(self.give_up)
        self._prompt = QLabel()
        self._reasons = QWidget()
        self._stack.addWidget(self._question_with_text())
        self._question = QLabel()
        self.yes = QPushButton(actions["journal.approve"].text())
        self.yes.setProperty("primary", True)
        self.yes.clicked.connect(lambda: self._answer(""))
        self._stack.addWidget(self._question_with_count())

    def ask_reason(self, then: Callable[[str], None]) -> None:
        """Ask why dreams are rejected; Enter with an empty line is an answer too."""
        self._ask_text(tr("Why?"), then, reasons=True)

    def ask_note(self, then: Callable[[str], None]) -> None:
        """Ask for a note."""
        self._ask_text(tr("Note"), then, reasons=False)

    def ask_sure(self, text: str, yes: str, then: Callable[[], None]) -> None:
        """Ask before many dreams are decided."""
        self._then = lambda _text: then()
        self._question.setText(text)
        self.yes.setText(yes)
        self._stack.setCurrentIndex(2)
        self.yes.setFocus()

    def give_up(self) -> None:
        """Back to the decisions."""
        self._then = None
        self._stack.setCurrentIndex(0)
        self.closed.emit()

    @property
    def asking(self) -> bool:
        """Whether it waits for an answer."""
        return self._stack.currentIndex() != 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives a question up."""
        if event.key() == Qt.Key.Key_Escape and self.asking:
            self.give_up()
        else:
            super().keyPressEvent(event)

    def _ask_text(self, prompt: str, then: Callable[[str], None], *, reasons: bool) -> None:
        self._then = then
        self._prompt.setText(prompt)
        self.field.clear()
        self.field.setAccessibleName(prompt)
        self._reasons.setVisible(reasons)
        self.field.setPlaceholderText(tr("Enter: no reason") if reasons else "")
        self._stack.setCurrentIndex(1)
        self.field.setFocus()

    def _answer(self, text: str) -> None:
        then, self._then = self._then, None
        self._stack.setCurrentIndex(0)
        self.closed.emit()
        if then is not None:
            then(text.strip())

    def _decisions(self, keymap: Keymap, actions: dict[str, QAction]) -> QWidget:
        bar = QWidget()
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        layout.setSpacing(SPACE_2)
        for command, tone in (
            ("journal.edit", "text"),
            ("journal.run", "text"),
            ("journal.folder", "text"),
            ("", ""),
            ("journal.skip", "text"),
            ("journal.reject", "bad"),
            ("journal.approve", "on_accent"),
        ):
            if not command:
                layout.addStretch(1)
                continue
            action, key = actions[command], keymap.shown(command)
            button = QPushButton(f"{action.text()}  {key}" if key else action.text())
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.text())
            button.setProperty("primary", command == "journal.approve")
            self._icons.put(button, action.property("icon_name"), tone)
            button.clicked.connect(action.trigger)
            action.enabledChanged.connect(button.setEnabled)
            self.buttons[command] = button
            layout.addWidget(button)
        self._long = {self.buttons[name]: self.buttons[name].text() for name in SHORTENED}
        self._long_width = layout.sizeHint().width()
        for name in SHORTENED:
            key = keymap.shown(name)
            self.buttons[name].setText(key)
            self.buttons[name].setMinimumWidth(self.buttons[name].sizeHint().width() if key else 0)
        return bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is not a decision is spelt out where there is room; else icon and key have to do."""
        super().resizeEvent(event)
        for (button, long), name in zip(self._long.items(), SHORTENED, strict=True):
            button.setText(long if self.width() >= self._long_width else self._keymap.shown(name))

    def _question_with_text(self) -> QWidget:
        bar = QWidget()
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        layout.addWidget(self._prompt)
        layout.addWidget(self.field, 1)
        inner = QHBoxLayout(self._reasons)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for reason in REASONS:
            button = QPushButton(tr(reason))
            button.setProperty("flat", True)
            button.clicked.connect(lambda _checked=False, text=reason: self._answer(tr(text)))
            button.setMaximumWidth(button.fontMetrics().horizontalAdvance(tr(reason)) + 2 * SPACE_3)
            inner.addWidget(button)
        layout.addWidget(self._reasons)
        return bar

    def _question_with_count(self) -> QWidget:
        bar = QWidget()
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        no = QPushButton(tr("Cancel"))
        no.clicked.connect(self.give_up)
        layout.addWidget(self._question, 1)
        layout.addWidget(no)
        layout.addWidget(self.yes)
        return bar
