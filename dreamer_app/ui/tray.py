"""The tray icon with its menu: state as silhouette and words, and everything that can be asked.

It shows views and reports wishes; it neither asks the program nor knows when to dream. Text only, no widgets: the menu
travels over D-Bus to the panel.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from dreamer_app.core.i18n import mark, tr
from dreamer_app.core.paths import resource
from dreamer_app.service.presenter import Verb, View
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.icons import SIZES, drawn
from dreamer_app.ui.tokens import DARK, LIGHT

CALM_MS = 1_000
"""At most one change a second: panels flicker, and nobody reads faster."""

PAUSES = (
    (Ask.PAUSE_HALF_HOUR, mark("30 minutes")),
    (Ask.PAUSE_HOUR, mark("1 hour")),
    (Ask.PAUSE_TONIGHT, mark("Until tonight")),
    (Ask.PAUSE, mark("Until I resume")),
)
HELP = (
    (Ask.HEALTH, mark("Diagnostics…")),
    (Ask.LOG, mark("Log…")),
    (Ask.DISK, mark("Disk use…")),
    (Ask.WIZARD, mark("First steps…")),
    (Ask.KEYS, mark("Keyboard shortcuts")),
    (Ask.ABOUT, mark("About The Dreamer")),
)


class TrayMenu(QMenu):
    """The menu; also shown by windows where there is no tray.

    Attributes:
        asked: Somebody wants something.
    """

    asked = Signal(Ask)

    def __init__(self) -> None:
        super().__init__()
        self.headline = self._line()
        self.detail = self._line()
        self.addSeparator()
        self.toggle = self._wish(self, Ask.TOGGLE, "")
        self.finish = self._wish(self, Ask.FINISH, tr("Finish current dreams, then stop"))
        self.keep = self._wish(self, Ask.KEEP_DREAMING, tr("Keep dreaming while I work"))
        self.keep.setCheckable(True)
        self.pause = self.addMenu(tr("Pause"))
        for ask, text in PAUSES:
            self._wish(self.pause, ask, tr(text))
        self.addSeparator()
        self.journal = self._wish(self, Ask.JOURNAL, "")
        self._wish(self, Ask.LAST_NIGHT, tr("Last night…"))
        self.addSeparator()
        self._wish(self, Ask.SETTINGS, tr("Settings…"))
        more = self.addMenu(tr("Help"))
        for ask, text in HELP:
            self._wish(more, ask, tr(text))
        self._wish(self, Ask.QUIT, tr("Quit"))

    def show_view(self, view: View, *, keep_dreaming: bool) -> None:
        """Say what is so."""
        self.headline.setText(view.headline)
        self.detail.setText(view.detail)
        self.detail.setVisible(bool(view.detail))
        self.toggle.setText(view.toggle)
        self.toggle.setEnabled(view.verb is not Verb.NOTHING)
        self.finish.setVisible(view.can_finish)
        self.keep.setChecked(keep_dreaming)
        self.pause.menuAction().setVisible(view.can_pause and view.verb is not Verb.RESUME)
        self.journal.setText(view.journal)

    def _line(self) -> QAction:
        action = self.addAction("")
        action.setEnabled(False)
        return action

    def _wish(self, menu: QMenu, ask: Ask, text: str) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(ask)
        action.triggered.connect(lambda: self.asked.emit(ask))
        return action


class Tray(QObject):
    """The icon.

    Args:
        by_name: Whether the panel takes icons by name and tints them itself.

    Attributes:
        asked: Somebody wants something; a click means `SHOW_OR_HIDE`.
    """

    asked = Signal(Ask)

    def __init__(self, *, by_name: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_name = by_name
        self._shown: tuple[View, bool] | None = None
        self._wanted: tuple[View, bool] | None = None
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._renew)
        QIcon.setFallbackSearchPaths([*QIcon.fallbackSearchPaths(), str(resource("icons/tray"))])
        self.menu = TrayMenu()
        self.menu.asked.connect(self.asked)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)

    def show_view(self, view: View, *, keep_dreaming: bool = False) -> None:
        """Say what is so: at once, then at most once a second with the latest."""
        self._wanted = (view, keep_dreaming)
        if not self._calm.isActive():
            self._renew()

    def message(self, title: str, text: str, clicked: Callable[[], None] | None = None) -> None:
        """A balloon, for where no notification daemon answers."""
        if clicked is not None:
            self.icon.messageClicked.connect(clicked)
        self.icon.showMessage(title, text)

    def close(self) -> None:
        """Leave the tray."""
        self._calm.stop()
        self.icon.hide()

    def _renew(self) -> None:
        if self._wanted is None or self._wanted == self._shown:
            return
        view, keep = self._shown = self._wanted
        self.menu.show_view(view, keep_dreaming=keep)
        self.icon.setIcon(self._picture(view.icon))
        self.icon.setToolTip(view.tooltip)
        self.icon.show()
        self._calm.start()

    def _picture(self, name: str) -> QIcon:
        if self._by_name:
            return QIcon.fromTheme(name)
        return outlined(name)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.asked.emit(Ask.SHOW_OR_HIDE)


def outlined(name: str) -> QIcon:
    """A tray icon that can be seen on a light and on a dark panel: light, with a dark rim."""

    result = QIcon()
    for edge in SIZES:
        picture = QPixmap(edge, edge)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        rim = drawn(f"tray/{name}", LIGHT.text, edge)
        for offset in (QPoint(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)):
            painter.drawPixmap(offset, rim)
        painter.drawPixmap(0, 0, drawn(f"tray/{name}", DARK.text, edge))
        painter.end()
        result.addPixmap(picture)
    return result
