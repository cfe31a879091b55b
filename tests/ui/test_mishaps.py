"""An error that nobody expected is told, once at a time, and everything goes on."""

from __future__ import annotations

import asyncio
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.settings import DesktopSettings
from dreamer_app.ui.app import make_desktop
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.shell import Shell
from tests.ui.waiting import until


class Stays:
    """Says nothing when windows close."""

    def keeps_running(self) -> bool:
        return True

    def say_once(self) -> None:
        return


class Idle:
    """A program that does nothing."""

    snapshot = None

    def subscribe(self, listener: object) -> object:
        return lambda: None

    async def shut_down(self) -> None:
        return


def boxes() -> list[QMessageBox]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()]


def fail() -> None:
    raise ZeroDivisionError("no divisor")


async def test_a_slot_that_fails_is_told_once_and_the_log_is_a_press_away(qapp: QApplication) -> None:
    shell = Shell(make_desktop(DesktopSettings(language="en", theme="light")), SystemClock())
    before = sys.excepthook
    shell._resident, shell._windows, shell._farewell = Idle(), {Ask.LOG: lambda: QLabel("log")}, Stays()  # type: ignore[assignment]
    async with asyncio.TaskGroup() as group:
        life = group.create_task(shell.live())
        await asyncio.sleep(0)
        QTimer.singleShot(0, fail)
        QTimer.singleShot(0, fail)
        await until(boxes)
        [box] = boxes()
        assert "ZeroDivisionError: no divisor" in box.informativeText()
        assert "test_mishaps.py" in box.detailedText()
        next(button for button in box.buttons() if button.text() == "Open log").click()
        await until(lambda: shell.window(Ask.LOG) is not None)
        await until(lambda: not boxes())
        shell.quit()
        await life
    assert sys.excepthook is before
