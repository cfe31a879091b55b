"""The service behind the tray: everything that is imported beside the running tray, and no window yet."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from functools import cached_property
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.events import Broadcast
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.desktop.memory import Memory
from dreamer_app.desktop.notifications import Answered, Notice, Notifier
from dreamer_app.desktop.thrift import give_back_memory
from dreamer_app.headless import resident
from dreamer_app.service.announcer import FIX, QUIT, Announcer
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.guarding import open_guard
from dreamer_app.service.residency import Residency
from dreamer_app.service.workshop import Workshop
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.shell import Shell, Windows

if TYPE_CHECKING:
    from dreamer_app.windowed_rooms import Rooms

LOG_BYTES, LOGS_KEPT = 1_000_000, 2
WINDOWS = (
    Ask.JOURNAL,
    Ask.LAST_NIGHT,
    Ask.EXPORT,
    Ask.SETTINGS,
    Ask.WIZARD,
    Ask.HEALTH,
    Ask.LOG,
    Ask.DISK,
    Ask.KEYS,
    Ask.ABOUT,
    Ask.NO_TRAY,
)
"""Wishes that a window answers."""


async def serve_shell(shell: Shell, workshop: Callable[[], Workshop], paths: DataPaths, settings: Settings) -> None:
    """Run the service behind a shell until it is shut down.

    Raises:
        UsageError: Another program runs over this base folder.
        InfrastructureError: The journal cannot be used, or it cannot listen.
    """
    events = Broadcast()
    dreamer = Dreamer(paths, lambda: guarding.over(workshop()), events, settings)
    log = _log_into(paths.log)
    guarding = await asyncio.to_thread(open_guard, paths, SystemClock())
    try:
        async with resident(dreamer, events, guarding, lambda: shell.ask(Ask.JOURNAL)) as (program, _api):
            back_office = BackOffice(shell, dreamer, events, program)
            async with asyncio.TaskGroup() as group:
                living = group.create_task(program.run())
                announcing = group.create_task(back_office.announcer.run())
                await asyncio.sleep(0)  # it lives before somebody asks something of it
                shell.attach(program, back_office.windows(), back_office)
                program.subscribe(back_office.announcer.saw)
                back_office.announcer.saw(program.snapshot)
                await back_office.rest()  # what the start left behind
                await living
                announcing.cancel()
    finally:
        await asyncio.to_thread(guarding.close)
        logging.getLogger("dreamer_app").removeHandler(log)
        log.close()
        dreamer.close()


class BackOffice:
    """What is said to the person, what happens when the last window is closed, and where windows come from.

    Args:
        shell: Tray and windows.
        dreamer: The service.
        events: What happens in a night.
        program: The program that stays; takes new settings.
    """

    def __init__(self, shell: Shell, dreamer: Dreamer, events: Broadcast, program: Residency) -> None:
        self._shell, self._dreamer, self._events, self._program = shell, dreamer, events, program
        self._memory = Memory(dreamer.paths.desktop_memory)
        self._quit_when_closed = False
        self.announcer = Announcer(
            Notifier(self._balloon),
            self._memory,
            lambda: self._dreamer.settings.notifications,
            SystemClock(),
            self._answered,
        )
        events.subscribe(self.announcer.heard)

    def keeps_running(self) -> bool:
        """Whether the program stays without a window."""
        return self._dreamer.settings.desktop.keep_running and not self._quit_when_closed

    def say_once(self) -> None:
        """Say that it stays, unless that was said before; and hold no memory for windows that are not looked at."""
        self._shell.start(self.announcer.say_still_running)
        self._shell.start(self.rest)

    async def rest(self) -> None:
        """Hold no memory that is not needed any more."""
        self._shell.desktop.collector.rest()
        await asyncio.to_thread(give_back_memory)

    def windows(self) -> Windows:
        """How every window is made."""
        return {ask: self._maker(ask) for ask in WINDOWS}

    def _maker(self, ask: Ask) -> Callable[[], QWidget]:
        return lambda: self._rooms.make(ask)

    @cached_property
    def _rooms(self) -> Rooms:
        rooms = importlib.import_module("dreamer_app.windowed_rooms")  # 10 MB and 0.2 s that a tray does without
        made: Rooms = rooms.Rooms(
            self._shell,
            self._dreamer,
            self._events,
            self._program,
            memory=self._memory,
            end_with_window=self._end_with_window,
        )
        return made

    def _answered(self, key: str) -> None:
        self._shell.ask(Ask.QUIT if key == QUIT else Ask.HEALTH if key == FIX else Ask.LAST_NIGHT)

    def _balloon(self, notice: Notice, answered: Answered) -> None:
        """Without a notification daemon the tray's own balloon has to do."""
        if self._shell.tray is not None:
            self._shell.tray.message(notice.title, notice.body, lambda: answered("default"))

    def _end_with_window(self) -> None:
        self._quit_when_closed = True


def _log_into(file: Path) -> logging.Handler:
    """What our own rooms say goes to a file that never grows large."""
    handler = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("dreamer_app")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler
