"""Tests of the interface: no screen, one application, coroutines on Qt's loop, no task left behind, exact pictures.

`golden(widget, name)` compares a widget's picture with `tests/ui/golden/<name>.png`, pixel by pixel: with Fusion and
the bundled fonts the offscreen platform draws the same everywhere. UPDATE_GOLDEN=1 renews them; look at each of them.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)

import pytest
import pytest_asyncio
import qasync
from PIL import Image, ImageChops
from PySide6.QtWidgets import QApplication, QWidget

from dreamer_app.core.i18n import use_language
from dreamer_app.ui.theme import Theme, ThemeChoice

GOLDEN = Path(__file__).parent / "golden"
THOROUGHLY = 20
"""Tests between two full collections."""
LAST_TURN = 10.0
"""Seconds that a task has to end by itself after its test."""
_tests = itertools.count(1)


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], object]]:
    """Coroutines of tests run where those of the application run."""
    return {"qt": _qt_loop}


def _qt_loop() -> qasync.QEventLoop:
    app = QApplication.instance() or QApplication([])
    app.setQuitOnLastWindowClosed(False)  # or the loop ends with the first dialog
    return qasync.QEventLoop(app)


@pytest.fixture(scope="package", autouse=True)
def no_thread_collects_widgets() -> Iterator[None]:
    """Threads that other tests left running must not find garbage of Qt's: destroyed there, it crashes the program.

    The program itself has `ui.collector` for this.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """Garbage of a test goes on this thread, thoroughly now and then."""
    gc.disable()
    yield
    gc.collect(2 if next(_tests) % THOROUGHLY == 0 else 1)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, in force."""
    theme = Theme(qapp, ThemeChoice.LIGHT)
    yield theme
    theme.setParent(None)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test starts, and leaves the others, in English."""
    use_language("en")
    yield
    use_language("en")


@pytest_asyncio.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    """What a test started ends: a task whose thread is done gets its last turn, one that waits on is a leak."""
    before = asyncio.all_tasks()
    yield
    left = {task for task in asyncio.all_tasks() - before - {asyncio.current_task()} if not task.done()}
    if left:
        _ended, left = await asyncio.wait(left, timeout=LAST_TURN)
    assert not left, f"tasks left behind: {left}"


@pytest.fixture
def golden(tmp_path: Path) -> Callable[[QWidget, str], None]:
    """Compare a widget with its picture."""

    def compare(widget: QWidget, name: str) -> None:
        seen = tmp_path / f"{name}.png"
        assert widget.grab().save(str(seen))
        kept = GOLDEN / f"{name}.png"
        if os.environ.get("UPDATE_GOLDEN"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(seen.read_bytes())
        with Image.open(kept) as wanted, Image.open(seen) as found:
            assert wanted.size == found.size, f"{seen} differs in size from {kept}"
            box = ImageChops.difference(wanted.convert("RGB"), found.convert("RGB")).getbbox()
        assert box is None, f"{seen} differs from {kept} within {box}"

    return compare
