"""`dreamer wake-test`: how fast this computer is given back. Display only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.cli.progress import step_display
from dreamer_app.service.wake_figures import WakeTestReport

_MEANS = {
    "event": "the sentinel knew",
    "stopped": "the last work of any worker",
    "paused": "the engine knows every worker as paused",
    "stream": "a model's server saw the end",
    "released": "all memory of the workers was free, after it was asked for",
}


def wake_test(
    context: typer.Context,
    *,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Workers at full load.")] = 4,
    cycles: Annotated[int, typer.Option(min=1, max=100_000, help="How often they are stopped.")] = 20,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Stop real workers at full load again and again, and say how long each stage took."""
    desk = Desk.of(context, as_json, base_dir)
    with step_display(desk) as listener, desk.dreamer(listener) as dreamer:
        report = desk.run(dreamer, lambda: dreamer.wake_test(workers, cycles))
    if desk.as_json:
        desk.answer(report)
    else:
        _print_report(desk, report)


def _print_report(desk: Desk, report: WakeTestReport) -> None:
    who = "pulled by the sentinel" if report.sentinel else "pulled by the program itself"
    desk.out.print(f"[bold]{report.workers} workers, {report.cycles} stops[/]; {report.brake}, {who}; milliseconds")
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Stage", style="cyan")
    for name in ("p50", "p95", "p99", "max", "n"):
        table.add_column(name, justify="right")
    table.add_column("", style="dim")
    for stage, figures in report.stages.items():
        numbers = (f"{value:.1f}" for value in (figures.p50, figures.p95, figures.p99, figures.max))
        table.add_row(stage, *numbers, str(figures.count), _MEANS[stage])
    desk.out.print(table)
