"""Nothing to show, said well: a picture, one sentence, one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from dreamer_app.ui.icons import Icons
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_3, SPACE_5


class EmptyState(QWidget):
    """One sentence in the middle of an empty place.

    Attributes:
        button: What can be done about it; hidden when nothing can.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon = "moon"
        self._action: Callable[[], None] | None = None
        self._picture = QLabel()
        self._title, self._text = QLabel(), QLabel()
        self._title.setProperty("heading", "2")
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        self.button = QPushButton()
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self._act)
        self.button.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_5, SPACE_5, SPACE_5, SPACE_5)
        layout.setSpacing(SPACE_3)
        layout.addStretch(2)
        for label in (self._picture, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        theme.changed.connect(self._renew)

    def say(
        self, icon: str, title: str, text: str = "", button: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Say why it is empty and what to do."""
        self._icon, self._action = icon, action
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.button.setText(button)
        self.button.setVisible(bool(button) and action is not None)
        self.setAccessibleName(f"{title}. {text}")
        self._renew()

    @property
    def title(self) -> str:
        """What it says."""
        return self._title.text()

    def _act(self) -> None:
        if self._action is not None:
            self._action()

    def _renew(self) -> None:
        self._picture.setPixmap(self._icons.pixmap(self._icon, 40, "accent", self.devicePixelRatioF()))
