"""The Qt application: made once, with its theme, language and keys, and an event loop that coroutines share with Qt.

The only place that knows qasync. It opens no window.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import qasync
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from dreamer_app.core.i18n import use_language
from dreamer_app.core.paths import resource
from dreamer_app.core.settings import DesktopSettings
from dreamer_app.desktop.entries import APP_ID
from dreamer_app.ui.actions import Keymap
from dreamer_app.ui.collector import Collector
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.theme import Theme, ThemeChoice

QT_NOISE = ("propagateSizeHints", "does not support raise", "QDBusTrayIcon encountered")


@dataclass
class Desktop:
    """What every window shares.

    Attributes:
        app: The application.
        theme: Its look.
        icons: Tinted for the theme.
        keymap: The keys in force.
        collector: Collects garbage while the loop runs.
    """

    app: QApplication
    theme: Theme
    icons: Icons
    keymap: Keymap
    collector: Collector

    def adopt(self, settings: DesktopSettings) -> None:
        """Take over what can change while it runs; windows that are made from now on have the new keys."""
        self.theme.choose(ThemeChoice(settings.theme))
        self.keymap = Keymap(settings.keys)


def make_desktop(settings: DesktopSettings) -> Desktop:
    """The application with its look; one a program."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("The Dreamer")  # panels show it as the title of the tray icon
    app.setApplicationDisplayName("The Dreamer")
    QGuiApplication.setDesktopFileName(APP_ID)
    app.setWindowIcon(QIcon(str(resource("icon.svg"))))
    app.setQuitOnLastWindowClosed(False)
    use_language(settings.language)
    theme = Theme(app, ThemeChoice(settings.theme))
    return Desktop(app, theme, Icons(theme), Keymap(settings.keys), Collector(app))


def run_on_desktop(desktop: Desktop, life: Coroutine[Any, Any, int], end: Callable[[], object]) -> int:
    """Run a coroutine to its end on Qt's event loop.

    Args:
        desktop: The application.
        life: The whole program.
        end: Asks it to end; called for SIGINT, SIGTERM and the end of the session.

    Returns:
        What it returned.
    """
    qInstallMessageHandler(_qt_says)
    loop = qasync.QEventLoop(desktop.app)
    asyncio.set_event_loop(loop)
    with loop:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, end)
        desktop.app.commitDataRequest.connect(lambda _manager: end())
        desktop.collector.start()
        try:
            return int(loop.run_until_complete(life))
        finally:
            desktop.collector.stop()


def _qt_says(kind: QtMsgType, _context: object, message: str) -> None:
    if kind is not QtMsgType.QtDebugMsg and not any(noise in message for noise in QT_NOISE):
        sys.stderr.write(f"qt: {message}\n")
