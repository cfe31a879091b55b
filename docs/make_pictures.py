"""Takes the pictures in docs/images: a real night in a real terminal, drawn by rich.

The program runs under a pseudo-terminal as in front of a person; what it leaves on the screen is drawn as SVG. Must not
retouch: what the picture shows is what the program printed.

Usage: python docs/make_pictures.py [DREAMS]
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 100, 60
CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
FONT_RULES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Screen:
    """As much of a terminal as a progress display needs: lines, colours, going up, erasing."""

    def __init__(self) -> None:
        self.lines = [""]
        self.row = 0
        self._fresh = False

    def feed(self, text: str) -> None:
        """Show what a program printed."""
        position = 0
        while position < len(text):
            control = CONTROL.match(text, position)
            if control:
                self._control(control[1], control[2], control[0])
                position = control.end()
                continue
            self._show(text[position])
            position += 1

    def _show(self, letter: str) -> None:
        if letter == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
            self._fresh = True
        elif letter == "\r":
            self._fresh = True
        else:
            self._write(letter)

    def _write(self, text: str) -> None:
        # A display that repaints a line begins at its start; what stood there goes.
        if self._fresh:
            self.lines[self.row] = ""
            self._fresh = False
        self.lines[self.row] += text

    def _control(self, numbers: str, kind: str, whole: str) -> None:
        if kind == "m":
            self._write(whole)
        elif kind == "A":
            self.row = max(0, self.row - int(numbers or 1))
            self._fresh = True
        elif kind == "K" and numbers == "2":
            self.lines[self.row] = ""

    def picture(self, title: str) -> str:
        """The screen as SVG, without fonts from elsewhere."""
        text = "\n".join(self.lines).rstrip()
        console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(text))
        drawn = console.export_svg(title=title)
        return FONT_RULES.sub("", drawn)


def watch(command: list[str]) -> tuple[int, list[tuple[float, str]]]:
    """Run a command in a terminal of its own.

    Returns:
        Its exit status, and everything it printed with the seconds since its start.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(WIDTH)}
    environment.pop("NO_COLOR", None)
    started = time.monotonic()
    printed: list[tuple[float, str]] = []
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    ) as program:
        os.close(theirs)
        pending = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says so when the last writer has gone
                break
            if not piece:
                break
            pending += piece
            text = pending.decode("utf-8", errors="ignore")
            pending = pending[len(text.encode("utf-8")) :] if len(pending) - len(text.encode("utf-8")) < 4 else b""
            printed.append((time.monotonic() - started, text))
    os.close(ours)
    return program.returncode, printed


def main() -> int:
    """Dream in a temporary folder and draw the end of it, and its middle."""
    dreams = sys.argv[1] if len(sys.argv) > 1 else "10"
    program = str(Path(sys.executable).with_name("dreamer"))
    with tempfile.TemporaryDirectory() as base:
        words = ["night", "--library", "textual", "--library", "rich", "--dreams", dreams, "--base-dir", base]
        status, printed = watch([program, *words])
    if status:
        print("".join(text for _, text in printed))
        return status
    (HERE / "images").mkdir(exist_ok=True)
    for name, end in (("night-working", printed[-1][0] * 0.6), ("night", float("inf"))):
        screen = Screen()
        screen.feed("".join(text for moment, text in printed if moment <= end))
        (HERE / "images" / f"{name}.svg").write_text(screen.picture("dreamer night"), encoding="utf-8")
        print(f"docs/images/{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
