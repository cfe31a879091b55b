"""What the tray application costs on a real X11 desktop: how soon its icon is there, memory, and whether it stutters.

Cold start is measured from the start of the process to the icon's window in the panel; the files are in the system's
cache, as after a login. Memory is the resident set of the application alone and of its sentinel, ten seconds later. A
watchdog measures how long the event loop is blocked while it dreams with real workers.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

from tests.e2e.desk import Desk, desk, sitting, until
from tests.e2e.nights import dreamer_json
from tests.house.tracked import ROOT

STARTS = 5
CALM_SECONDS = 10.0
MB = 1_000_000
NIGHT_SECONDS = 40.0
LIBRARIES = ("pypi:toolz", "pypi:more-itertools", "pypi:boltons")
"""Enough for so long a night."""
SETTINGS = """
[desktop]
language = "en"
[energy]
foreign_cpu = 100
foreign_cpu_resume = 90
[api]
on = false
"""
"""In English, and not impressed by what else a machine for measurements does."""


def start(here: Desk, base: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Start the application in the background; seconds until its icon is in the panel."""
    began = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", "dreamer_app", "tray", "--background", "--base-dir", str(base)],
        cwd=ROOT,
        env=here.environment,
    )
    until(here.in_panel, "the icon")
    return program, time.perf_counter() - began


def blocked(here: Desk, base: Path) -> None:
    """A night at full load, with the journal open: the longest time for which no key was heard."""
    base.mkdir()
    (base / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    ingest = [sys.executable, "-m", "dreamer_app", "ingest", *LIBRARIES, "--base-dir", str(base)]
    subprocess.run(ingest, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with sitting(here, base) as seat:
        seat.press("Skip all")
        seat.choose("Dream Journal…")
        seat.reads("To review")
        seat.press("Dream now")  # the button of the empty journal
        until(lambda: dreamer_json("status", base=base)["dreaming"], "a night")
        seat.ask(watch="on")
        found = []
        end = time.monotonic() + NIGHT_SECONDS
        while time.monotonic() < end:
            time.sleep(0.5)
            found.append(seat.ask(watch="still"))
        for name, late in zip(
            ("loop blocked in a night", "without waits for a processor"), zip(*found, strict=True), strict=True
        ):
            figures = f"{1000 * median(late):8.0f} {1000 * max(late):8.0f} ms"
            print(f"{name:32} {figures}   (at most 50; median and worst of half seconds)")
        for told in seat.ask(watch="why"):
            print(*told, sep="\n      ")
        told = dreamer_json("status", base=base)
        tried = sum(told["statistics"]["states"].values())
        print(
            f"{'dreams in that time':32} {tried:8}" + ("" if tried else f"   {told['running']['snapshot']['reasons']}")
        )
        seat.choose("Quit")
        seat.ended()


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as here:
        base = Path(folder) / "base"
        seconds = []
        for n in range(STARTS):
            program, took = start(here, base)
            seconds.append(took)
            if n == STARTS - 1:
                time.sleep(CALM_SECONDS)
                application = psutil.Process(program.pid)
                memory = application.memory_info().rss / MB
                sentinel = sum(child.memory_info().rss for child in application.children(recursive=True)) / MB
            program.terminate()
            program.wait(30)
            until(lambda: here.in_panel() is None, "the icon's end")
        print(f"{'start to icon, best and worst':32} {min(seconds):8.2f} {max(seconds):8.2f} s    (at most 1.0)")
        print(f"{'resident memory in the tray':32} {memory:8.0f} MB           (at most 110)")
        print(f"{'its sentinel':32} {sentinel:8.0f} MB")
        blocked(here, Path(folder) / "night")
