"""A desk to sit at: a screen with a window manager, a panel, a notification daemon, mouse, keyboard, and a program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from Xlib.display import Display
from Xlib.error import XError
from Xlib.X import IsViewable
from Xlib.xobject.drawable import Window

from tests.house.tracked import ROOT
from tests.ui.bus import screen, session_bus

PATIENCE = 120.0
"""Seconds after which something has gone wrong; nothing takes as long when all is well."""
LOOK_EVERY = 0.05

_T = TypeVar("_T")


def until(look: Callable[[], _T | None], what: object = "") -> _T:
    """Look again and again until there is something.

    Raises:
        AssertionError: There never was.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(LOOK_EVERY)
    raise AssertionError(f"never seen: {what}")


class Desk:
    """A screen with a person before it.

    Args:
        environment: Of every program there.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._display = Display(environment["DISPLAY"])

    def close(self) -> None:
        """Leave."""
        self._display.close()

    def hand(self, *words: object) -> None:
        """Mouse and keyboard, as xdotool names their doings."""
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True, timeout=30)

    def click(self, place: tuple[int, int], button: int = 1) -> None:
        """Press a button of the mouse there."""
        self.hand("mousemove", *place, "click", button)

    def windows(self) -> list[tuple[str, str, tuple[int, int]]]:
        """Every visible window with a name or a class: both, and its middle."""
        found = []
        for window in self._all(self._display.screen().root):
            try:
                kind = window.get_wm_class() or ("", "")
                size = window.get_geometry()
                root = window.translate_coords(self._display.screen().root, 0, 0)
                middle = (size.width // 2 - root.x, size.height // 2 - root.y)
                found.append((window.get_wm_name() or "", kind[1], middle))
            except XError:
                continue  # it was closed meanwhile
        return found

    def in_panel(self) -> tuple[int, int] | None:
        """The middle of the icon in the panel's tray."""
        for window in self._all(self._display.screen().root):
            try:
                name, kind = window.get_wm_name(), window.get_wm_class()
                inside = window.query_tree().parent != self._display.screen().root
                size, root = window.get_geometry(), window.translate_coords(self._display.screen().root, 0, 0)
            except XError:
                continue
            if kind and kind[1] == "The Dreamer" and not name and inside and size.width <= 64:
                return size.width // 2 - root.x, size.height // 2 - root.y
        return None

    def front(self) -> str:
        """The title of the window that has the keyboard."""
        asked = subprocess.run(
            ["xdotool", "getactivewindow", "getwindowname"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return asked.stdout.strip()

    def _all(self, window: Window) -> Iterator[Window]:
        try:
            children = window.query_tree().children
        except XError:
            return
        for child in children:
            try:
                viewable = child.get_attributes().map_state == IsViewable
            except XError:
                continue
            if viewable:
                yield child
                yield from self._all(child)


class Sitting:
    """One run of the program at a desk.

    Args:
        desk: Where.
        base: The base folder.
    """

    def __init__(self, desk: Desk, base: Path) -> None:
        self.desk, self.base = desk, base
        self.program = subprocess.Popen(
            self.command, env=desk.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "tests.e2e.desktop_program", str(self.base)]

    def ask(self, **question: str) -> Any:
        """Ask the program's eyes."""
        assert self.program.stdin is not None and self.program.stdout is not None
        self.program.stdin.write(json.dumps(question) + "\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline()
        assert line, f"the program ended with {self.program.wait(10)}"
        return json.loads(line)

    def reads(self, text: str) -> tuple[int, int]:
        """Wait until something that begins so can be read; where it is."""
        found: list[int] = until(lambda: self.ask(read=text), text)
        return found[0], found[1]

    def press(self, text: str) -> None:
        """Click on what is called so."""
        places: list[Any] = []

        def at_rest() -> Any:
            """Where it is, once the window manager has put its window somewhere."""
            places.append(self.ask(use=text))
            return places[-1] if len(places) > 2 and places[-1] == places[-3] else None

        x, y = until(at_rest, text)
        self.desk.click((x, y))

    def choose(self, *entries: str) -> None:
        """Open the tray's menu and choose an entry, of a submenu where several are named."""
        self.desk.click(until(self.desk.in_panel, "the icon in the panel"), 3)
        for entry in entries:
            self.press(entry)

    def ended(self) -> int:
        """Wait for its end; the exit status."""
        assert self.program.stdin is not None and self.program.stdout is not None
        status = self.program.wait(PATIENCE)
        self.program.stdin.close()
        self.program.stdout.close()
        return status


@contextmanager
def desk(home: Path) -> Iterator[Desk]:
    """openbox, tint2 and dunst on a screen and a bus of their own."""
    with ExitStack() as stack:
        display, bus = stack.enter_context(screen()), stack.enter_context(session_bus())
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        environment = {
            **os.environ,
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "share"),
        }
        for name in ("openbox", "tint2", "dunst"):
            program = subprocess.Popen(
                [name], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home
            )
            stack.callback(program.wait)
            stack.callback(program.terminate)
        here = Desk(environment)
        stack.callback(here.close)
        until(lambda: any(kind == "Tint2" for _, kind, _ in here.windows()), "the panel")
        yield here


@contextmanager
def sitting(desk: Desk, base: Path) -> Iterator[Sitting]:
    """The program at a desk; killed if it is still there afterwards."""
    here = Sitting(desk, base)
    try:
        yield here
    finally:
        if here.program.poll() is None:
            here.program.kill()
            here.ended()
