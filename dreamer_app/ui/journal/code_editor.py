"""A solution to change: the Guardian proves it before it counts. It changes nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2, SPACE_3
from dreamer_app.ui.widgets.code_pane import CodePane, PaneLine
from dreamer_app.ui.widgets.highlight import lexed


class CodeEditor(QWidget):
    """An editable code pane with its two ends.

    Attributes:
        proposed: The solution shall be proved; carries its text.
        given_up: Nothing shall be changed.
        pane: The text.
    """

    proposed = Signal(str)
    given_up = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.pane = CodePane(theme)
        self.pane.setReadOnly(False)
        self.pane.setUndoRedoEnabled(True)
        self.pane.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        self.pane.setAccessibleName(tr("Your solution"))
        self.pane.textChanged.connect(self._changed)
        about = QLabel(tr("The Guardian proves your solution with the same tests; the original is kept."))
        about.setProperty("muted", True)
        about.setWordWrap(True)
        self.prove = QPushButton(tr("Prove and keep"))
        self.prove.setToolTip(QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText))
        self.prove.setProperty("primary", True)
        self.prove.clicked.connect(lambda: self.proposed.emit(self.pane.toPlainText()))
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.given_up)
        for key, pressed in (("Ctrl+Return", self.prove), ("Escape", self.cancel)):
            inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self, pressed.click, context=inside)
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_3, 0, SPACE_3, SPACE_2)
        bar.addWidget(about, 1)
        bar.addWidget(self.cancel)
        bar.addWidget(self.prove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_2, 0, 0)
        layout.setSpacing(SPACE_2)
        layout.addWidget(self.pane, 1)
        layout.addLayout(bar)

    def start(self, text: str) -> None:
        """Offer a solution for changing."""
        self._shown = ""
        self.pane.setPlainText(text)
        self._changed()
        self.busy(on=False)

    def busy(self, *, on: bool) -> None:
        """While the proof runs nothing can be changed."""
        self.pane.setReadOnly(on)
        self.prove.setEnabled(not on)
        self.prove.setText(tr("Being proved…") if on else tr("Prove and keep"))

    def _changed(self) -> None:
        text = self.pane.toPlainText()
        if text == self._shown:
            return  # only its colours changed
        self._shown = text
        pieces = lexed(text)
        self.pane.recolour(
            [PaneLine("", (str(n),), pieces=found) for n, found in enumerate(pieces, 1)],
        )
