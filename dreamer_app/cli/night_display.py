"""Draws a night while it runs: a renewing picture on a terminal, plain lines elsewhere. It counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from dreamer_app.cli.desk import Desk
from dreamer_app.cli.night_picture import NightPicture, duration
from dreamer_app.cli.progress import PlainSteps, step_text
from dreamer_app.core.events import (
    DreamJudged,
    Event,
    Listener,
    NightEnded,
    NightStarted,
    Progress,
    Warned,
    WorkInterrupted,
)
from dreamer_app.core.types import DreamState

REDRAWS = 8
"""Per second: smooth to the eye, and 1 % of one core when measured with a full picture."""


class NightDrawing:
    """The picture as rich draws it, made anew at each redraw so that time goes on between events."""

    def __init__(self, picture: NightPicture) -> None:
        self._picture = picture
        self._spinner = Spinner("moon")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        picture = self._picture
        head = Table.grid(padding=(0, 1))
        head.add_row(self._spinner, Text(picture.phase, style="bold", overflow="ellipsis", no_wrap=True))
        yield head
        if picture.night is not None:
            pins = ", ".join(f"{pin.name} {pin.version}" for pin in picture.night.libraries)
            yield Text(f"   {pins} · seed {picture.night.seed} · {picture.workers} at a time", style="dim")
        yield self._bar()
        body = Table.grid(padding=(0, 4))
        body.add_row(self._funnel(), self._last())
        yield body

    def _bar(self) -> RenderableType:
        picture = self._picture
        grid = Table.grid(padding=(0, 2))
        left = f", about {duration(picture.remaining)} left" if picture.remaining is not None else ""
        grid.add_row(
            "  ",
            ProgressBar(total=picture.wanted, completed=picture.verified, width=30),
            f"[bold green]{picture.verified}[/] of {picture.wanted} verified",
            f"[dim]{picture.woven} woven, {picture.judged} judged · {duration(picture.elapsed)}{left}[/]",
        )
        return grid

    def _funnel(self) -> RenderableType:
        table = Table(box=None, padding=(0, 1), show_header=True, header_style="dim")
        table.add_column("gate")
        table.add_column("in", justify="right")
        table.add_column("passed", justify="right")
        for gate, line in sorted(self._picture.gates.items(), key=lambda item: (len(item[0]), item[0])):
            colour = "green" if line.passed == line.entered else "yellow"
            table.add_row(f"{gate} {line.name}", str(line.entered), f"[{colour}]{line.passed}[/]")
        return table

    def _last(self) -> RenderableType:
        lines = []
        for accepted, title, why in self._picture.last:
            sign = Text("✓ ", style="green") if accepted else Text("✗ ", style="dim red")
            words = Text(title, style="" if accepted else "dim")
            lines.append(Text.assemble(sign, words, Text(f"  {why}", style="dim"), overflow="ellipsis", no_wrap=True))
        return Group(*lines)


@contextmanager
def night_display(desk: Desk, picture: NightPicture) -> Iterator[Listener]:
    """A listener that keeps the picture and shows it: on stdout for people, on stderr beside a JSON document."""
    console = desk.err if desk.as_json else desk.out
    if not console.is_terminal:
        yield _plain(console, picture)
        return
    live = Live(NightDrawing(picture), console=console, refresh_per_second=REDRAWS, transient=True)

    def show(event: Event) -> None:
        picture.see(event)
        if isinstance(event, Warned):
            live.console.print(f"[yellow]warning:[/] {escape(event.message)}")

    with live:
        yield show


def _plain(console: Console, picture: NightPicture) -> Listener:
    steps = PlainSteps(picture.clock)

    def show(event: Event) -> None:
        picture.see(event)
        line = _line(event, picture, steps)
        if line:
            console.print(f"[{duration(picture.elapsed)}] {line}", markup=False, soft_wrap=True)

    return show


def _line(event: Event, picture: NightPicture, steps: PlainSteps) -> str | None:
    match event:
        case Progress() if picture.night is None and steps.worth_a_line(event):
            return step_text(event)
        case Warned():
            return f"warning: {event.message}"
        case DreamJudged(dream=dream) if dream.state is DreamState.VERIFIED:
            return f"{picture.verified}/{picture.wanted} verified: {dream.scenario.title}"
        case DreamJudged(dream=dream):
            stopped = dream.verdict.stopped_by if dream.verdict else None
            return f"rejected by {stopped.gate} {stopped.name}: {dream.scenario.title}" if stopped else None
        case NightStarted() | WorkInterrupted() | NightEnded():
            return picture.phase
    return None
