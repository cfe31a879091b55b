"""`dreamer doctor` and `dreamer status`: is everything there, and what is in the base folder. Display only."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.types import DreamState

_SIGNS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "missing": "[red]✗[/]"}


def doctor(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Look at every prerequisite; each is ok, a warning or missing, with its one-line fix."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        checks = desk.run(dreamer, dreamer.doctor)
    missing = [check for check in checks if check.state == "missing"]
    if desk.as_json:
        desk.answer({"checks": checks, "ok": not missing})
    else:
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        table.add_column()
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for check in checks:
            fix = f"\n[cyan]→[/] {escape(check.fix)}" if check.fix else ""
            table.add_row(_SIGNS.get(check.state, "?"), check.name, escape(check.detail) + fix)
        desk.out.print(table)
        words = f"[red]{len(missing)} missing[/]" if missing else "[green]Ready to dream[/]"
        desk.out.print(f"\n{words}")
    if missing:
        raise typer.Exit(1)


def status(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Say what the base folder holds and whether a night is under way in it."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        found = dreamer.status()
    if desk.as_json:
        desk.answer(found)
        return
    statistics = found.statistics
    desk.out.print(f"[bold]{escape(found.base)}[/]  {'dreaming now' if found.dreaming else 'awake'}")
    states = ", ".join(f"{statistics.states.get(state, 0)} {state.value}" for state in DreamState)
    desk.out.print(f"{statistics.nights} nights; dreams: {states}; {statistics.bridges} need two libraries")
    for library in statistics.libraries:
        desk.out.print(f"  {library.name}: {library.verified} dreams about {library.apis} API nodes")
    if found.last_night is not None:
        night = found.last_night
        desk.out.print(f"Last night: {night.id}, {night.end or 'under way'}")
