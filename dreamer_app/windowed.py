"""The tray application put together: Qt first, so that the tray is there at once, then the service behind it.

It belongs to the composition root, beside the headless program whose parts it shares.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import DreamerError, InfrastructureError, UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings, load_settings
from dreamer_app.desktop.memory import Memory
from dreamer_app.service.running import RunningDreamer
from dreamer_app.ui.app import make_desktop, run_on_desktop
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.dialogs import show_error
from dreamer_app.ui.shell import Shell

if TYPE_CHECKING:
    from dreamer_app.service.workshop import Workshop

LATE_IMPORTS = ("dreamer_app.headless", "dreamer_app.windowed_parts")
"""What is not needed for the tray itself; imported beside it."""
SHARE_SECONDS = 0.001
"""For how long a thread that computes keeps the others waiting. Painting asks for the interpreter a hundred times, so
Python's own 5 ms would be seen."""
TRAY_FIRST = 0.3
"""Seconds for which imports wait for the icon: they would take the interpreter away from it."""
TRAY_PAINTS = 0.05
"""Seconds that the panel and the icon need to agree on a place and a picture."""


def run_windowed(workshop: Callable[[], Workshop], paths: DataPaths, *, background: bool) -> int:
    """Run the tray application; a second start brings the first to the front.

    Args:
        workshop: Makes the parts.
        paths: The base folder.
        background: Whether nobody asked for a window, as at login.

    Returns:
        The exit status.

    Raises:
        UsageError: The settings are not valid.
        InfrastructureError: There is no screen.
    """
    if _is_running(paths):
        return 0
    if sys.platform == "linux" and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise InfrastructureError(
            "There is no screen", "Neither DISPLAY nor WAYLAND_DISPLAY is set.", "Use `dreamer serve` here."
        )
    sys.setswitchinterval(SHARE_SECONDS)
    settings = load_settings(paths.settings)
    desktop = make_desktop(settings.desktop)
    shell = Shell(desktop, SystemClock())
    return run_on_desktop(desktop, _live(shell, workshop, paths, settings, background), shell.quit)


def _is_running(paths: DataPaths) -> bool:
    running = RunningDreamer.find(paths)
    if running is None:
        return False
    with contextlib.suppress(DreamerError):  # one that serves without a desktop has no window to show
        running.show()
    return True


async def _live(
    shell: Shell, workshop: Callable[[], Workshop], paths: DataPaths, settings: Settings, background: bool
) -> int:
    shell.begin()
    if not background:
        shell.ask(Ask.JOURNAL if Memory(paths.desktop_memory).read().wizard_done else Ask.WIZARD)
    status = 0
    async with asyncio.TaskGroup() as group:
        shell_life = group.create_task(shell.live())
        program = group.create_task(_program(shell, workshop, paths, settings))

        def ended(task: asyncio.Task[int]) -> None:
            nonlocal status
            status = 0 if task.cancelled() or task.exception() else task.result()
            shell.quit()

        program.add_done_callback(ended)
        await shell_life
        if not shell.attached:
            program.cancel()
    return status


async def _program(shell: Shell, workshop: Callable[[], Workshop], paths: DataPaths, settings: Settings) -> int:
    """The service behind the tray, until somebody quits."""
    await _in_tray(shell)
    for name in LATE_IMPORTS:
        await asyncio.to_thread(importlib.import_module, name)
    from dreamer_app.windowed_parts import serve_shell  # noqa: PLC0415  imported above, beside the running tray

    try:
        await serve_shell(shell, workshop, paths, settings)
    except UsageError as error:
        if await asyncio.to_thread(_is_running, paths):
            return 0  # two starts at the same moment; the other one was faster
        await show_error(None, error)
        return 1
    except DreamerError as error:
        await show_error(None, error)
        return 1
    return 0


async def _in_tray(shell: Shell) -> None:
    """Until the icon is painted, or as long as it may be waited for."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(TRAY_FIRST):
            await shell.in_tray.wait()
            await asyncio.sleep(TRAY_PAINTS)
