"""Whether there is a tray to be in, now or later.

Qt asks for the D-Bus tray once, at the first tray icon, and never again; so no icon is made before one of the two kinds
of tray can have it. After a login the panel may come seconds after us.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER = "org.kde.StatusNotifierWatcher"
GRACE_MS = 50
"""On X11 an older tray may be all there is; this long the newer kind is waited for. A panel with both registers them
together."""
GIVE_UP_MS = 10_000
"""Then it is said that there is no tray; waiting goes on."""
LOOK_AGAIN_MS = 250
SELDOM_MS = 5_000
"""Looking costs a question to the bus; Qt's own watcher of names hangs in PySide6 6.11 (the interpreter's lock)."""


class TrayHost(QObject):
    """Waits for a tray.

    Attributes:
        appeared: A tray can have an icon now.
        missing: There has been none for ten seconds.
    """

    appeared = Signal()
    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found = False
        self._given_up = False
        self._waited = 0
        self._timer = QTimer(self, interval=GRACE_MS)
        self._timer.timeout.connect(self._look_again)

    def look(self) -> None:
        """Begin; `appeared` may come at once."""
        if self.speaks_dbus():
            self._enter()
        else:
            self._timer.start()

    def speaks_dbus(self) -> bool:
        """Whether the panel takes icons by their names."""
        bus = QDBusConnection.sessionBus()
        return bus.isConnected() and bool(bus.interface().isServiceRegistered(WATCHER).value())

    def _look_again(self) -> None:
        self._waited += self._timer.interval()
        self._timer.setInterval(SELDOM_MS if self._given_up else LOOK_AGAIN_MS)
        older = QGuiApplication.platformName() == "xcb" and self._waited >= GRACE_MS
        if self.speaks_dbus() or (older and QSystemTrayIcon.isSystemTrayAvailable()):
            self._enter()
        elif self._waited >= GIVE_UP_MS and not self._given_up:
            self._given_up = True
            self._timer.setInterval(SELDOM_MS)
            self.missing.emit()

    def _enter(self) -> None:
        self._timer.stop()
        self.found = True
        self.appeared.emit()
