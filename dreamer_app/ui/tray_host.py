"""Whether there is a tray to be in, now or later.

Qt asks for the D-Bus tray once, at the first tray icon, and never again; so no icon is made before one of the two kinds
of tray can have it. After a login the panel may come seconds after us.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER = "org.kde.StatusNotifierWatcher"
GRACE_MS = 1_000
"""On X11 an older tray may be all there is; this long the newer kind is waited for."""
GIVE_UP_MS = 10_000
"""Then it is said that there is no tray; waiting goes on."""
LOOK_AGAIN_MS = 5_000


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
        self._bus = QDBusConnection.sessionBus()
        self._watcher = QDBusServiceWatcher(self)
        self._watcher.setConnection(self._bus)
        self._watcher.addWatchedService(WATCHER)
        self._watcher.serviceRegistered.connect(self._found)

    def look(self) -> None:
        """Begin; `appeared` may come at once."""
        if self.speaks_dbus():
            self._found()
            return
        if QGuiApplication.platformName() == "xcb":
            QTimer.singleShot(GRACE_MS, self, self._look_for_older_kind)
        QTimer.singleShot(GIVE_UP_MS, self, self._give_up)

    def speaks_dbus(self) -> bool:
        """Whether the panel takes icons by their names."""
        interface = self._bus.interface() if self._bus.isConnected() else None
        return interface is not None and bool(interface.isServiceRegistered(WATCHER).value())

    def _look_for_older_kind(self) -> None:
        if self.found:
            return
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._found()
        else:
            QTimer.singleShot(LOOK_AGAIN_MS, self, self._look_for_older_kind)

    def _found(self, _service: str = "") -> None:
        if not self.found:
            self.found = True
            self.appeared.emit()

    def _give_up(self) -> None:
        if not self.found and not self._given_up:
            self._given_up = True
            self.missing.emit()
