"""`dreamer clean`: what is old, shown, and taken away when that is asked for. Display only."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.errors import UsageError
from dreamer_app.service.disk import in_units
from dreamer_app.service.retention import Cleaned, CleaningPlan, Item, sentence

SHOWN = 5
"""Things of one kind that are named."""


def clean(
    context: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bring the dreams of the latest cleaning back.")] = False,
    older_than: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="One age for everything but unreviewed dreams.")
    ] = None,
    unreviewed: Annotated[
        int | None, typer.Option(min=0, metavar="DAYS", help="Dreams that nobody looked at, from this age; 0 keeps.")
    ] = None,
    down_to: Annotated[
        float | None, typer.Option(min=0, metavar="GB", help="Take the oldest until the base folder is this small.")
    ] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Clean by age and size, as the settings say. Dreams that you approved always stay."""
    desk = Desk.of(context, as_json, base_dir)
    if undo and (yes or older_than or unreviewed or down_to):
        raise UsageError("Clean or take back?", "--undo stands alone.", "For example: dreamer clean --undo")
    with desk.dreamer() as dreamer:
        if undo:
            _tell_undone(desk, dreamer.retention.undo())
            return
        changes: dict[str, float] = {}
        if older_than is not None:
            kinds = ("rejected_days", "failed_days", "log_days", "unused_days")
            changes |= dict.fromkeys(kinds, older_than)
        if unreviewed is not None:
            changes["unreviewed_days"] = unreviewed
        if down_to is not None:
            changes["largest_gigabytes"] = down_to
        plan = dreamer.retention.plan(dreamer.settings.storage.model_copy(update=changes))
        done = dreamer.retention.clean(plan) if yes else None
    if desk.as_json:
        desk.answer({"plan": plan, "freed": plan.freed, "cleaned": done})
    else:
        _print(desk, plan, done)


def _print(desk: Desk, plan: CleaningPlan, done: Cleaned | None) -> None:
    items = plan.items if done is None else done.items
    if not items:
        desk.out.print(f"Nothing is old enough to go; the base folder takes {in_units(plan.size)}.")
        return
    kinds: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        kinds[sentence(item.kind)].append(item)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for column in ("Number", "Size"):
        table.add_column(column, justify="right")
    table.add_column("Among them", overflow="fold")
    for name, found in kinds.items():
        named = ", ".join(f"{item.title} ({item.days} days)" for item in found[:SHOWN])
        table.add_row(name, str(len(found)), in_units(sum(item.size for item in found)), escape(named))
    desk.out.print(table)
    if done is None:
        desk.out.print(f"\n{in_units(plan.freed)} of {in_units(plan.size)} would go: [cyan]dreamer clean --yes[/]")
        return
    desk.out.print(f"\n{in_units(done.freed)} cleaned")
    if done.undoable:
        desk.out.print(f"{done.undoable} dreams can be had back: [cyan]dreamer clean --undo[/]")


def _tell_undone(desk: Desk, back: tuple[str, ...]) -> None:
    if desk.as_json:
        desk.answer({"back": back})
    else:
        desk.out.print(f"{len(back)} dreams are back")
