"""The shell: the tray, the windows and the running program, tied together.

It keeps no state of the program and decides nothing about dreaming: wishes become calls, snapshots become views.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.service.presenter import Verb, View, present
from dreamer_app.service.resident import Resident
from dreamer_app.ui.actions import make_action
from dreamer_app.ui.app import Desktop
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.dialogs import show_error
from dreamer_app.ui.tray import Tray
from dreamer_app.ui.tray_host import TrayHost

if TYPE_CHECKING:
    from dreamer_app.ui.mishaps import Mishaps

TONIGHT = 20
"""Local hour at which *Pause until tonight* ends."""

EVERYWHERE: Mapping[str, Ask] = {
    "dream.toggle": Ask.TOGGLE,
    "window.settings": Ask.SETTINGS,
    "window.keys": Ask.KEYS,
    "app.quit": Ask.QUIT,
}
"""Commands that are live in all windows, with what each asks for."""

Windows = Mapping[Ask, Callable[[], QWidget]]
"""How each window is made, at its first use."""


class Farewell(Protocol):
    """What is said and done when the last window is closed."""

    def keeps_running(self) -> bool:
        """Whether the program stays without a window."""
        ...

    def say_once(self) -> None:
        """Say that it stays, unless that was said before."""
        ...


class Shell(QObject):
    """Tray and windows of one program.

    Args:
        desktop: What all windows share.
        clock: What time it is.
    """

    def __init__(self, desktop: Desktop, clock: Clock) -> None:
        super().__init__(desktop.app)
        self.desktop = desktop
        self._windows: Windows = {}
        self._farewell: Farewell | None = None
        self._open: dict[Ask, QWidget] = {}
        self._clock = clock
        self._resident: Resident | None = None
        self._snapshot = Snapshot(state=DreamerState.AWAKE, since=clock.now())
        self._group: asyncio.TaskGroup | None = None
        self._leaving = asyncio.Event()
        self._early: list[Ask] = []
        self.tray: Tray | None = None
        self.in_tray = asyncio.Event()
        self.host = TrayHost(self)
        self.host.appeared.connect(self._enter_tray)
        self.host.missing.connect(lambda: self.ask(Ask.NO_TRAY))
        self.on_view: Callable[[Snapshot, View], None] = lambda _snapshot, _view: None

    def begin(self) -> None:
        """Look for a tray and be in it."""
        self.host.look()

    def attach(self, resident: Resident, windows: Windows, farewell: Farewell) -> None:
        """Speak for a program from now on; what was asked for before is done now.

        Args:
            resident: The program.
            windows: Every window that can be asked for.
            farewell: What happens when the last window is closed.
        """
        self._resident, self._windows, self._farewell = resident, windows, farewell
        resident.subscribe(self._heard)
        self._heard(resident.snapshot)
        early, self._early = self._early, []
        for ask in early:
            self.ask(ask)

    async def live(self) -> None:
        """Until somebody quits; every window is closed and the tray left when it returns."""
        before, sys.excepthook = sys.excepthook, self._unexpected
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                await self._leaving.wait()
                await self._drain()
        finally:
            sys.excepthook = before
            self._group = None
            for window in self._open.values():
                window.close()
                window.deleteLater()
            self._open.clear()
            if self.tray is not None:
                self.tray.close()

    def quit(self) -> None:
        """Begin to end; idempotent and safe at any moment on the event loop's thread."""
        self._leaving.set()

    @property
    def attached(self) -> bool:
        """Whether there is a program behind it."""
        return self._resident is not None

    @property
    def view(self) -> View:
        """How the program looks now."""
        return present(self._snapshot, self._clock.now().astimezone())

    @property
    def snapshot(self) -> Snapshot:
        """How the program is now."""
        return self._snapshot

    def window(self, ask: Ask) -> QWidget | None:
        """The window that answers a wish, if it is open."""
        return self._open.get(ask)

    def ask(self, ask: Ask) -> None:
        """Do what somebody wants."""
        if ask is Ask.QUIT:
            self.quit()
        elif self._resident is None:
            self._early.append(ask)
        elif ask is Ask.SHOW_OR_HIDE:
            self._show_or_hide()
        elif ask in self._windows:
            self.show_window(ask)
        else:
            resident = self._resident
            self.start(lambda: self._act(resident, ask))

    async def dream_now(self) -> None:
        """Start dreaming; for whoever watches it happen.

        Raises:
            DreamerError: A hard reason stands against it.
        """
        if self._resident is not None:
            await self._resident.dream_now()

    def show_window(self, ask: Ask) -> QWidget:
        """Open a window, or bring it to the front."""
        window = self._open.get(ask)
        if window is None:
            window = self._open[ask] = self._windows[ask]()
            self._give_keys(window)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
            window.installEventFilter(self)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def _give_keys(self, window: QWidget) -> None:
        """What can be done in every window."""
        for command, ask in EVERYWHERE.items():
            action = make_action(window, command, self.desktop.keymap)
            action.triggered.connect(lambda _checked=False, ask=ask: self.ask(ask))
            window.addAction(action)
        hide = make_action(window, "window.hide", self.desktop.keymap)
        hide.triggered.connect(window.close)
        window.addAction(hide)

    def start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something that takes time; what goes wrong is told to the person."""
        if self._group is not None:
            self._group.create_task(self._told(work))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """After the last window is closed, stay and say so once, or end."""
        if event.type() is QEvent.Type.Close:
            QTimer.singleShot(0, self, self._closed)
        return super().eventFilter(watched, event)

    def _closed(self) -> None:
        if self._farewell is None or self._leaving.is_set():
            return
        if any(window.isVisible() for window in self._open.values()):
            return
        if self._farewell.keeps_running():
            self._farewell.say_once()
        else:
            self.quit()

    async def _told(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except DreamerError as error:
            await show_error(self._front(), error)
        except Exception as error:
            await self._mishaps.tell(error)

    @cached_property
    def _mishaps(self) -> Mishaps:
        from dreamer_app.ui.mishaps import Mishaps  # noqa: PLC0415  a start does without it

        return Mishaps(self._front, lambda: self.ask(Ask.LOG))

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A slot failed; everything else goes on."""
        if issubclass(kind, Exception):
            self.start(lambda: self._mishaps.tell(error.with_traceback(trace)))
        else:
            sys.__excepthook__(kind, error, trace)

    def _front(self) -> QWidget | None:
        return next((window for window in self._open.values() if window.isVisible()), None)

    async def _act(self, resident: Resident, ask: Ask) -> None:
        match ask:
            case Ask.TOGGLE:
                await self._toggle(resident)
            case Ask.FINISH:
                await resident.finish()
            case Ask.KEEP_DREAMING:
                await resident.keep_dreaming(on=not self._snapshot.keep_dreaming)
            case Ask.PAUSE_HALF_HOUR | Ask.PAUSE_HOUR | Ask.PAUSE_TONIGHT | Ask.PAUSE:
                await resident.pause(pause_end(ask, self._clock.now().astimezone()))

    async def _toggle(self, resident: Resident) -> None:
        match self.view.verb:
            case Verb.DREAM_NOW:
                await resident.dream_now()
            case Verb.STOP:
                await resident.stop()
            case Verb.RESUME:
                await resident.resume()
            case Verb.FIX:
                self.ask(Ask.HEALTH)

    async def _drain(self) -> None:
        """Nothing of ours is left running before the application ends."""
        for window in self._open.values():
            window.hide()
        if self._resident is not None:
            await self._resident.shut_down()

    def _show_or_hide(self) -> None:
        journal = self._open.get(Ask.JOURNAL)
        if journal is not None and journal.isVisible() and journal.isActiveWindow():
            journal.close()
        else:
            self.ask(Ask.JOURNAL)

    def _heard(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        view = self.view
        if self.tray is not None:
            self.tray.show_view(view, keep_dreaming=snapshot.keep_dreaming)
        self.on_view(snapshot, view)

    def _enter_tray(self) -> None:
        self.tray = Tray(by_name=self.host.speaks_dbus(), parent=self)
        self.tray.asked.connect(self.ask)
        self.tray.show_view(self.view, keep_dreaming=self._snapshot.keep_dreaming)
        self.in_tray.set()


def pause_end(ask: Ask, now: datetime) -> datetime | None:
    """When a pause ends; None for one that lasts until somebody resumes.

    Args:
        ask: Which pause.
        now: With the time zone that the person lives in.
    """
    match ask:
        case Ask.PAUSE_HALF_HOUR:
            return now + timedelta(minutes=30)
        case Ask.PAUSE_HOUR:
            return now + timedelta(hours=1)
        case Ask.PAUSE_TONIGHT:
            tonight = now.replace(hour=TONIGHT, minute=0, second=0, microsecond=0)
            return tonight if tonight > now else tonight + timedelta(days=1)
        case _:
            return None
