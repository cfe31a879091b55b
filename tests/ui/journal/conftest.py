"""A journal window over real dreams; the base folder is made once and copied for each test."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from dreamer_app.service.dreamer import Dreamer
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.theme import Theme
from tests.ui.demo.fill import MORNING, demo, opened


@pytest.fixture(scope="session", autouse=True)
def utc() -> Iterator[None]:
    """Times look the same on every computer."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture(scope="session")
def full_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo journal, never written to again."""
    base = tmp_path_factory.mktemp("demo")
    demo(base).close()
    return base


@pytest.fixture
def dreamer(full_base: Path, tmp_path: Path) -> Iterator[Dreamer]:
    """A copy of it, opened."""
    base = tmp_path / "base"
    shutil.copytree(full_base, base)
    dreamer = opened(base)
    yield dreamer
    dreamer.close()


@pytest.fixture
def icons(theme: Theme) -> Icons:
    """Icons in the theme's colours."""
    return Icons(theme)


@pytest.fixture
def make_window(
    qapp: QApplication, dreamer: Dreamer, theme: Theme, icons: Icons
) -> Iterator[Callable[..., JournalWindow]]:
    """Opens a window; coroutines run as tasks where a loop runs, and not at all where none does."""
    windows: list[JournalWindow] = []
    tasks: set[asyncio.Task[object]] = set()

    def spawn(work: Coroutine[Any, Any, object]) -> None:
        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            work.close()
            return
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def make(service: object = None) -> JournalWindow:
        window = JournalWindow(service or dreamer, theme, icons, spawn, now=lambda: MORNING)  # type: ignore[arg-type]
        windows.append(window)
        window.show()
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window: Callable[..., JournalWindow]) -> JournalWindow:
    """The journal, open at what is to review."""
    return make_window()
