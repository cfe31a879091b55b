"""`dreamer journal gaps`: why it did not dream. Display only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.store.records import Suspension

_KINDS = {"skipped": "skipped", "cut": "ended", "held": "interrupted"}


def gaps(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many, newest first.")] = 20,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """List nights that were skipped, interrupted or ended, with every reason, newest first."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        found = dreamer.journal.gaps(limit)
    if desk.as_json:
        desk.answer({"gaps": found})
        return
    if not found:
        desk.out.print("Nothing has kept it from dreaming so far.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("When", "Night", "Stood still after", "Why"):
        table.add_column(title, no_wrap=title != "Why")
    for gap in found:
        table.add_row(_when(gap), _KINDS[gap.kind], _after(gap), _why(gap))
    desk.out.print(table)


def _when(gap: Suspension) -> str:
    start = gap.began_at.astimezone()
    return f"{start:%Y-%m-%d %H:%M}" + (f" to {gap.ended_at.astimezone():%H:%M}" if gap.ended_at else "")


def _after(gap: Suspension) -> str:
    return "" if gap.milliseconds is None else f"{gap.milliseconds:.0f} ms"


def _why(gap: Suspension) -> str:
    return "; ".join(reason.text for reason in gap.reasons) + (f" ({gap.detail})" if gap.detail else "")
