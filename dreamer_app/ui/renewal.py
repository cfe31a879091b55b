"""Renews what a window shows when somebody sees it: not for every event of a night, and never while it is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

PAUSE_MS = 1000
"""Events that follow one another so closely are one piece of news."""


class Renewal(QObject):
    """Waits for news and for eyes.

    Args:
        window: Whose content it is; owns this.
        renew: Reads it anew.
    """

    def __init__(self, window: QWidget, renew: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._renew = window, renew
        self._due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._if_seen)
        window.installEventFilter(self)

    def due(self) -> None:
        """Something happened."""
        self._due = True
        if self._window.isVisible() and not self._timer.isActive():
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What happened while nobody looked is shown first of all."""
        if event.type() is QEvent.Type.Show:
            self._if_seen()
        return super().eventFilter(watched, event)

    def _if_seen(self) -> None:
        if self._due and self._window.isVisible():
            self._due = False
            self._renew()
