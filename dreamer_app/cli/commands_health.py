"""`dreamer doctor`: is everything there. Display only."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk

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
