"""`dreamer export`: training files. Display only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dreamer_app.academy.dataset_curator import DatasetCurator, ExportReport
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Tier

ALWAYS_SHOWN = 5


def export(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", file_okay=False, help="Folder for the files.")],
    format_name: Annotated[
        str, typer.Option("--format", help=f"One of: {', '.join(DatasetCurator.formats())}.")
    ] = "chat",
    approved_only: Annotated[
        bool, typer.Option("--approved-only", help="Leave out what nobody has looked at.")
    ] = False,
    tier: Annotated[list[Tier] | None, typer.Option(help="Only dreams proved this far; may be repeated.")] = None,
    library: Annotated[
        list[str] | None, typer.Option(help="Only dreams that need no library beside these; may be repeated.")
    ] = None,
    licenses: Annotated[
        list[str] | None,
        typer.Option("--license", help="Only libraries under such a licence, e.g. `MIT` or `BSD*`; may be repeated."),
    ] = None,
    at_most: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=N", help="No more than N dreams of an origin or a library, e.g. `recorded=300`."),
    ] = None,
    training: Annotated[
        bool, typer.Option("--training", help="A file per split, and training recipes beside them.")
    ] = False,
    model: Annotated[str, typer.Option(help="Base model that the recipes name.")] = ExportOrder(format="").model,
    held_out: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Compare with this file, e.g. an evaluation set."),
    ] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Write training files; every line says `synthetic: true`. Dreams that you rejected stay out."""
    desk = Desk.of(context, as_json, base_dir)
    order = ExportOrder(
        format=format_name,
        approved_only=approved_only,
        tiers=tuple(tier or ()),
        libraries=tuple(library or ()),
        licenses=tuple(licenses or ()),
        limits=dict(_limit(text) for text in at_most or ()),
        training=training,
        model=model,
    )
    with desk.dreamer() as dreamer:
        report = dreamer.academy.export(
            order, out, held_out=held_out or (), told=lambda n: desk.err.print(f"[dim]{n} dreams[/]")
        )
    if desk.as_json:
        desk.answer(report)
    else:
        _print_report(desk, report)


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.rpartition("=")
    if not name or not number.isdigit():
        raise UsageError("That is no limit", f"{text!r}", "For example: --at-most recorded=300")
    return name, int(number)


def _print_report(desk: Desk, report: ExportReport) -> None:
    out = desk.out
    out.print(f"{report.dreams} dreams ({report.approved} approved by you) → [bold]{escape(report.file)}[/]")
    for file in report.files[1:]:
        out.print(f"  also [bold]{escape(file)}[/]")
    for reason, n in report.left_out.items():
        out.print(
            f"{n} left out because you rejected them" if reason == "rejected by you" else f"{n} left out: {reason}"
        )
    splits = ", ".join(f"{split} {n}" for split, n in sorted(report.splits.items()))
    if splits:
        out.print(f"[dim]by API: {splits}[/]")
    if report.commonplace:
        out.print(f"[dim]in every split, because so many need them: {', '.join(report.commonplace)}[/]")
    overlap = report.overlap
    for pair in overlap.near_duplicates[:ALWAYS_SHOWN]:
        out.print(f"[dim]{pair.dream} is much like {pair.like} ({pair.similarity:.2f})[/]")
    for one in overlap.contaminated[:ALWAYS_SHOWN]:
        out.print(f"[yellow]{one.dream} shares {one.share:.0%} of its code with held-out files[/]")
    if not report.dreams:
        out.print("Nothing to export yet: [cyan]dreamer night --library textual --dreams 10[/]")
