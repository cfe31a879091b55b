"""`dreamer nightmares`: documentation that does not run, and dreams that another version broke. Display only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.cli.progress import step_display
from dreamer_app.core.atomic import write_file
from dreamer_app.core.errors import UsageError
from dreamer_app.service.nightmare_report import NightmareReport, summary
from dreamer_app.service.nightmares import look_for_nightmares


def nightmares(
    context: typer.Context,
    *,
    library: Annotated[str | None, typer.Argument(metavar="[LIBRARY]", help="One that was ingested.")] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run all of its documentation examples first, in sealed workers.")
    ] = False,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all of it as Markdown.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many of a library.")] = 20,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Show documentation examples that do not run and dreams that stopped passing, each with a reproduction."""
    desk = Desk.of(context, as_json, base_dir)
    if run and library is None:
        raise UsageError("Which library?", "--run needs one.", "For example: dreamer nightmares textual --run")
    with step_display(desk) as listener, desk.dreamer(listener) as dreamer:
        if run and library is not None:
            found: tuple[NightmareReport, ...] = (
                desk.run(dreamer, lambda: look_for_nightmares(dreamer, library, listener)),
            )
        else:
            found = dreamer.journal.nightmares(library)
    if report is not None:
        write_file(report, [one.markdown() for one in found])
    if desk.as_json:
        desk.answer({"libraries": found})
        return
    for one in found:
        _print(desk, one, limit)
    if not found:
        desk.out.print("Nothing was looked for yet: [cyan]dreamer nightmares LIBRARY --run[/]")


def _print(desk: Desk, found: NightmareReport, limit: int) -> None:
    desk.out.print(f"[bold]{escape(found.library)}[/]  {escape(summary(found))}")
    if not found.nightmares:
        if found.run is None:
            desk.out.print(f"[cyan]dreamer nightmares {escape(found.library)} --run[/] runs its examples.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("", "What", "Where", "Seen"):
        table.add_column(column, overflow="fold")
    for one in found.nightmares[:limit]:
        where = one.place if one.kind == "example" else f"dream {one.key}"
        table.add_row(one.why, escape(one.title), escape(where), escape(one.error[:200]))
    desk.out.print(table)
    if len(found.nightmares) > limit:
        desk.out.print(f"{len(found.nightmares) - limit} more: --limit {len(found.nightmares)}")
    desk.out.print("Reproductions: [cyan]--report FILE[/] or [cyan]--json[/]\n")
