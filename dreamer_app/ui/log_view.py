"""The log window: what the program said about itself, newest last, searchable, following while it grows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from dreamer_app.core.i18n import tr
from dreamer_app.ui.theme import code_font
from dreamer_app.ui.windows import Window, button, copy, row

TAIL_BYTES = 512 * 1024
"""Only the end of a log is shown; the file has the rest."""
FOLLOW_MS = 1_000


class LogWindow(Window):
    """Logs.

    Args:
        logs: The files, the most wanted first; asked each time the window opens.
    """

    def __init__(self, logs: Callable[[], list[Path]]) -> None:
        super().__init__(tr("Log"), 860, 600)
        self._logs = logs
        self._seen: tuple[Path, int] | None = None
        self._text = ""
        self.files = QComboBox()
        self.files.setAccessibleName(tr("Log file"))
        self.files.currentIndexChanged.connect(self.refresh)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Only lines with…"))
        self.search.setAccessibleName(tr("Only lines with…"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._draw)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setProperty("code", True)
        self.view.setFont(code_font())
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setAccessibleName(tr("Log"))
        self.view.setPlaceholderText(tr("Nothing was written yet."))
        self.column.addLayout(row(self.files, self.search))
        self.column.addWidget(self.view, 1)
        folder = button(tr("Open folder"), self._open_folder)
        self.column.addLayout(
            row(
                folder,
                None,
                button(tr("Copy"), lambda: copy(self.view.toPlainText())),
                button(tr("Close"), self.close),
            )
        )
        self._timer = QTimer(self, interval=FOLLOW_MS)
        self._timer.timeout.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow while somebody looks."""
        chosen = self.files.currentData()
        self.files.blockSignals(True)
        self.files.clear()
        for file in self._logs():
            self.files.addItem(file.name, file)
        self.files.setCurrentIndex(max(0, self.files.findData(chosen)))
        self.files.blockSignals(False)
        self.refresh()
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        """Read what is new."""
        file = self.files.currentData()
        if not isinstance(file, Path):
            return
        try:
            size = file.stat().st_size
            if self._seen == (file, size):
                return
            with file.open("rb") as opened:
                opened.seek(max(0, size - TAIL_BYTES))
                self._text = opened.read().decode("utf-8", "replace")
        except OSError:
            self._text, size = "", -1
        self._seen = (file, size)
        self._draw()

    def _draw(self) -> None:
        wanted = self.search.text().lower()
        lines = self._text.splitlines()
        shown = [line for line in lines if wanted in line.lower()] if wanted else lines
        bar = self.view.verticalScrollBar()
        follows = bar.value() >= bar.maximum()
        self.view.setPlainText("\n".join(shown))
        if follows:
            self.view.moveCursor(QTextCursor.MoveOperation.End)

    def _open_folder(self) -> None:
        file = self.files.currentData()
        if isinstance(file, Path):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
