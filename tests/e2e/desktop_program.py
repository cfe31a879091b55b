"""The real tray application over real parts, with eyes: it tells where on the screen something can be read or pressed.

It is asked over its standard input, one JSON document a line, and answers in one line each. It shows; whoever tests
does everything with mouse and keyboard. Workers are in a control group of the test's own, at the usual weight.
Usage: python -m tests.e2e.desktop_program BASE
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListWidget, QMenu, QWidget

from dreamer_app import windowed
from dreamer_app.core.paths import DataPaths
from dreamer_app.main import leave
from dreamer_app.ui.app import Desktop, run_on_desktop
from tests.e2e.real_night import workshop

Place = tuple[int, int]
TAB = Qt.FocusPolicy.TabFocus


def seen(*, usable: bool = False) -> Iterator[tuple[str, Place]]:
    """Every text that can be read now, or only what can be used, with the middle of its place on the screen."""
    for top in QApplication.topLevelWidgets():
        if not top.isVisible():
            continue
        if not usable:
            yield top.windowTitle(), _middle(top, top.rect())
        if isinstance(top, QMenu):
            for action in top.actions():
                yield action.text(), _middle(top, top.actionGeometry(action))
        for widget in top.findChildren(QWidget):
            if widget.isVisible() and (not usable or (widget.isEnabled() and widget.focusPolicy() & TAB)):
                for text in _texts(widget):
                    yield text, _middle(widget, widget.rect())


def _texts(widget: QWidget) -> list[str]:
    said = [widget.accessibleName()]
    if isinstance(widget, QAbstractButton | QLabel):
        said.append(widget.text())
    if isinstance(widget, QListWidget):
        said += [widget.item(row).text() for row in range(widget.count())]
    return [text for text in said if text]


def _middle(widget: QWidget, area: QRect) -> Place:
    point: QPoint = widget.mapToGlobal(area.center())
    return point.x(), point.y()


def answer(question: dict[str, str]) -> Any:
    """Where a text is, None when it cannot be seen; or everything that can be read."""
    for how, usable in (("read", False), ("use", True)):
        if how in question:
            return next((place for text, place in seen(usable=usable) if text.startswith(question[how])), None)
    return [text for text, _ in seen()]


class Watchdog:
    """Measures how long the loop of Qt and all coroutines was blocked, by late ticks, and what it did then.

    What the thread waited for a processor, because others had them all, is told apart: no program can help that. A
    tick that is overdue is looked at by a thread of its own. Where that thread comes late as well, something held the
    interpreter, and what every other thread did is told too.
    """

    EVERY = 0.005
    TOO_LONG = 0.05
    DEEP = 14
    """Frames told of each stack."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._longest = (0.0, 0.0)
        self._due = self._waited = self._began = 0.0
        self._seen: list[tuple[float, list[str]]] = []

    def watch(self) -> None:
        """Begin to tick."""
        self._began = self._loop.time()
        threading.Thread(target=self._look_on, args=(threading.get_ident(),), daemon=True).start()
        self._tick()

    def _tick(self) -> None:
        now, waited = self._loop.time(), _waited_for_a_processor()
        if self._due:
            late = now - self._due
            own = max(0.0, late - (waited - self._waited))
            self._longest = max(self._longest[0], late), max(self._longest[1], own)
            if self._seen and self._seen[-1][0] == self._due:
                when = f"{now - self._began:.1f} s"
                self._seen[-1][1].insert(0, f"at {when}: {1000 * late:.0f} ms, {1000 * own:.0f} of our own")
        self._due, self._waited = now + self.EVERY, waited
        if self._loop.is_running():
            self._loop.call_later(self.EVERY, self._tick)

    def _look_on(self, watched: int) -> None:
        own = threading.get_ident()
        while self._loop.is_running():
            began = self._loop.time()
            time.sleep(self.EVERY)
            due, now = self._due, self._loop.time()
            if now - due < self.TOO_LONG * 0.8 or (self._seen and self._seen[-1][0] == due):
                continue
            frames = sys._current_frames()
            told = [self._told(frames[watched])]
            if now - began > self.TOO_LONG / 2:
                told += [self._told(frame) for ident, frame in frames.items() if ident not in (own, watched)]
            self._seen.append((due, told))

    def _told(self, frame: FrameType) -> str:
        lines = traceback.extract_stack(frame)[-self.DEEP :]
        return " < ".join(f"{Path(line.filename).stem}.{line.name}:{line.lineno}" for line in reversed(lines))

    def longest(self) -> tuple[float, float]:
        """The longest blocking since it was asked last, in seconds: all of it, and without waits for a processor."""
        longest, self._longest = self._longest, (0.0, 0.0)
        return longest

    def blockers(self) -> list[list[str]]:
        """Of each blocking that was seen its length, what the loop's thread did, and what held the interpreter."""
        return [told for _, told in self._seen]


def _waited_for_a_processor() -> float:
    """Seconds that this thread was ready to run so far and had to wait."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


async def with_eyes(life: Coroutine[Any, Any, int]) -> int:
    """The whole program, answering questions."""
    loop = asyncio.get_running_loop()
    watchdog = Watchdog(loop)

    def reply(question: dict[str, str]) -> None:
        if question == {"watch": "on"}:
            watchdog.watch()
        looks = {"still": watchdog.longest, "why": watchdog.blockers}
        found = looks.get(question.get("watch", ""), lambda: answer(question))()
        print(json.dumps(found), flush=True)

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(reply, json.loads(line))

    threading.Thread(target=read, daemon=True).start()
    return await life


def main(base: str) -> int:
    """Run it; a second start raises the first, as always."""

    def run(desktop: Desktop, life: Coroutine[Any, Any, int], end: Callable[[], object]) -> int:
        return run_on_desktop(desktop, with_eyes(life), end)

    windowed.run_on_desktop = run
    return windowed.run_windowed(workshop, DataPaths(Path(base)), background=False)


if __name__ == "__main__":
    leave(main(*sys.argv[1:]))
