"""Exporting from a window: what is shown before, what is written, and that nothing to export is no error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.types import Review
from dreamer_app.service.academy import Academy
from dreamer_app.store.store import Store
from dreamer_app.ui.export_window import ExportWindow
from tests import builders
from tests.ui.waiting import until


class Bench:
    """A journal with two proven dreams, one of them approved, and a window over it."""

    def __init__(self, folder: Path, group: asyncio.TaskGroup, *, dreams: int = 2) -> None:
        self.store = Store(folder / "dreamer.sqlite")
        for n in range(1, dreams + 1):
            self.store.dreams.begin(builders.running(n))
            self.store.dreams.settle(builders.verified(n))
        if dreams:
            self.store.reviews.decide(builders.verified(1).id, Review.APPROVED)

        def start(work: Callable[[], Awaitable[None]]) -> None:
            group.create_task(_awaited(work))

        academy = Academy(self.store, lambda: None, SystemClock())  # type: ignore[arg-type,return-value]
        self.window = ExportWindow(academy, folder / "out", start)


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def test_what_will_be_written_is_shown_and_then_written(qtbot, tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        bench = Bench(tmp_path, group)
        window = bench.window
        qtbot.addWidget(window)
        window.show()
        await until(lambda: "2" in window.count.text())
        shown = json.loads(window.record.toPlainText())
        assert shown["synthetic"] is True
        window.approved.setChecked(True)
        await until(lambda: "1" in window.count.text())
        QTest.mouseClick(window.write, Qt.MouseButton.LeftButton)
        await until(window.open.isVisible)
        (file,) = (tmp_path / "out").glob("*.jsonl")
        (line,) = file.read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["review"] == "approved"
    bench.store.close()


async def test_with_nothing_to_export_there_is_nothing_to_press(qtbot, tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        bench = Bench(tmp_path, group, dreams=0)
        qtbot.addWidget(bench.window)
        await until(lambda: "0" in bench.window.count.text())
        assert not bench.window.write.isEnabled()
        assert bench.window.record.toPlainText() == ""
    bench.store.close()
