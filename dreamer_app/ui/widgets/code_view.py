"""A Python text to read, with a copy button and a switch for wrapping. What would hide itself in it is written out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.plain_text import hides_something, visible
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_1, SPACE_2
from dreamer_app.ui.widgets.code_pane import CodePane, PaneLine
from dreamer_app.ui.widgets.highlight import lexed


class CodeView(QWidget):
    """One Python text.

    Args:
        theme: Colours.
        icons: Tints the buttons.
        name: What it is, for the header and for screen readers, e.g. `solution.py`.
    """

    def __init__(self, theme: Theme, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.pane = CodePane(theme)
        self.pane.setAccessibleName(name)
        self._about = QLabel(name)
        self._about.setProperty("muted", True)
        self._warning = QLabel(tr("Invisible characters are written out"))
        self._warning.setProperty("tone", "warn")
        self._warning.hide()
        self._name = name
        wrap = _button(icons, "wrap", tr("Break long lines"))
        wrap.setCheckable(True)
        wrap.toggled.connect(lambda on: self.pane.wrap(on=on))
        copy = _button(icons, "copy", tr("Copy"))
        copy.clicked.connect(self.copy)
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_2, 0, 0, 0)
        for widget in (self._about, self._warning):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(wrap)
        bar.addWidget(copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_1)
        layout.addLayout(bar)
        layout.addWidget(self.pane, 1)

    def show_text(self, text: str) -> None:
        """Show a text from its top."""
        self._text = text
        shown = _shown(text)
        pieces = lexed(shown)
        lines = shown.split("\n")
        self.pane.show_lines(
            [
                PaneLine(line, (str(n),), pieces=found)
                for n, (line, found) in enumerate(zip(lines, pieces, strict=True), 1)
            ]
        )
        self._about.setText(f"{self._name} · {trn('{n} line', '{n} lines', len(lines))}")
        self._warning.setVisible(hides_something(text))

    @staticmethod
    def prepare(text: str) -> None:
        """Find the colours of a text that will probably be shown next, so that showing it is quick."""
        lexed(_shown(text))

    def copy(self) -> None:
        """Put the whole text, as it is stored, on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)


def _shown(text: str) -> str:
    return visible(text).rstrip("\n")


def _button(icons: Icons, icon: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    icons.put(button, icon, "text_muted")
    return button
