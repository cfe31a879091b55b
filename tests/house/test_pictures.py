"""The pictures show what a terminal would show."""

from __future__ import annotations

import re
import sys

from make_hot_night import TARGET, draw, simulate
from make_pictures import Screen, watch

from dreamer_app.core.settings import Settings
from dreamer_app.energy.policy.state import Phase

PROGRAM = """
import time
from rich.console import Console
from rich.live import Live
console = Console()
with Live("waiting", console=console, auto_refresh=False) as live:
    for step in range(3):
        console.print(f"[green]done[/] {step}")
        live.update(f"bar\\n{step} of 3 \\u00e9", refresh=True)
console.print("the end")
"""


def test_a_repainted_display_is_seen_once_and_a_program_in_a_terminal_keeps_its_colours() -> None:
    status, printed = watch([sys.executable, "-c", PROGRAM])
    screen = Screen()
    screen.feed("".join(text for _, text in printed))

    assert status == 0
    shown = [line for line in screen.lines if line.strip()]
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown]
    assert plain == ["done 0", "done 1", "done 2", "bar", "2 of 3 é", "the end"]
    assert "\x1b[32mdone" in shown[0]
    drawing = screen.picture("a title")
    assert drawing.startswith("<svg")
    assert "the&#160;end" in drawing
    assert "@font-face" not in drawing


def test_the_hot_night_in_the_docs_is_what_the_policy_does_now() -> None:
    night = list(simulate(Settings()))
    assert draw(night, Settings()) == TARGET.read_text(encoding="utf-8"), "draw it anew: make pictures"
    assert max(moment.celsius for moment in night) <= Settings().energy.cpu_stop
    assert {Phase.DREAM, Phase.SHED, Phase.CLASSIFY} <= {moment.phase for moment in night}
