"""A small program with the real shell and a pretended resident, steered over its standard input; it prints wishes."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from datetime import UTC, datetime
from typing import Any

from PySide6.QtWidgets import QLabel

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.settings import DesktopSettings
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.ui import tray_host
from dreamer_app.ui.app import make_desktop, run_on_desktop
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.shell import Shell

START = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


class Pretended:
    """A resident that says what it is asked for."""

    def __init__(self) -> None:
        self.snapshot = Snapshot(state=DreamerState.AWAKE, since=START)
        self.listeners: list[Any] = []

    def subscribe(self, listener: Any) -> Any:
        self.listeners.append(listener)
        return lambda: None

    def become(self, fields: dict[str, Any]) -> None:
        self.snapshot = Snapshot.model_validate({"since": START, **fields})
        for listener in self.listeners:
            listener(self.snapshot)

    def __getattr__(self, verb: str) -> Any:
        async def asked(*arguments: Any, **named: Any) -> None:
            say(verb, *map(str, arguments), *map(str, named.values()))

        return asked


class Stays:
    """Keeps running without a window."""

    def keeps_running(self) -> bool:
        return True

    def say_once(self) -> None:
        say("still running")


def say(*words: str) -> None:
    print(" ".join(words), flush=True)


def window(name: str) -> QLabel:
    made = QLabel(name)
    made.setWindowTitle(name)
    say("window", name)
    return made


async def live(shell: Shell, resident: Pretended) -> int:
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(resident.become, json.loads(line))

    threading.Thread(target=read, daemon=True).start()
    shell.begin()
    asks = (Ask.JOURNAL, Ask.LAST_NIGHT, Ask.SETTINGS, Ask.HEALTH, Ask.LOG, Ask.DISK, Ask.WIZARD, Ask.KEYS, Ask.ABOUT)
    windows = {ask: (lambda ask=ask: window(ask)) for ask in (*asks, Ask.NO_TRAY)}
    shell.attach(resident, windows, Stays())
    await shell.live()
    say("ended")
    return 0


def main() -> None:
    tray_host.GIVE_UP_MS = 1_000
    desktop = make_desktop(DesktopSettings(language="en"))
    shell = Shell(desktop, ManualClock(START))
    sys.exit(run_on_desktop(desktop, live(shell, Pretended()), shell.quit))


if __name__ == "__main__":
    main()
