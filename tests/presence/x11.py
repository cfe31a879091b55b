"""A real X server of one's own, and a hand that moves its mouse and presses its keys from a resident connection."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

KEY_A, KEY_B = 38, 56
"""Key codes of the letters on the standard keyboard of Xvfb."""


class XServer:
    """Xvfb on a free display number.

    Args:
        number: The display to serve; a free one when left out.
    """

    def __init__(self, number: int | None = None) -> None:
        read, write = os.pipe()
        name = [] if number is None else [f":{number}"]
        command = ["Xvfb", *name, "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            line = told.readline().strip()
        assert line, "Xvfb did not start"
        self.number = int(line)

    @property
    def name(self) -> str:
        """As in `DISPLAY`."""
        return f":{self.number}"

    def freeze(self) -> None:
        """Let it hang."""
        self.server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.server.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Take it away."""
        self.server.kill()
        self.server.wait(10)


@contextmanager
def x_server(number: int | None = None) -> Iterator[XServer]:
    """A server for the time of a test."""
    server = XServer(number)
    try:
        yield server
    finally:
        server.kill()


class Hand:
    """Moves the mouse and presses keys; only flushes, so that it causes no other output of the server.

    Args:
        display: Where.
    """

    def __init__(self, display: str) -> None:
        self.display = display
        self._display = Display(display)

    def move(self, x: int, y: int) -> None:
        """Put the pointer there."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.flush()

    def click(self) -> None:
        """Press and release the left button."""
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self._display, kind, 1)
        self._display.flush()

    def press(self, key: int = KEY_A) -> None:
        """Press and release a key."""
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(self._display, kind, key)
        self._display.flush()

    def close(self) -> None:
        """Let go."""
        self._display.close()


class Onlooker:
    """Another client that hears of the pointer, as every window of a real desktop does; it makes the server write."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        mask = X.PointerMotionMask | X.KeyPressMask | X.ButtonPressMask
        self._display.screen().root.change_attributes(event_mask=mask)
        self._display.flush()

    def close(self) -> None:
        """Go away."""
        self._display.close()
