"""`dreamer night`: one headless night with its progress, and what it left in the end. Display only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.cli.night_display import night_display
from dreamer_app.cli.night_picture import NightPicture, duration
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.settings import load_settings
from dreamer_app.core.types import NightEnd
from dreamer_app.service.crews import proofs_at_once
from dreamer_app.service.dreamer import NightOrder, NightReport

NOTHING_WOVEN = (
    "The built-in weaver combines documented calls and found none that go together in a new way. Give it a second"
    " library, such as `--library more-itertools`, or a language model with `--model`."
)
SHOWN_NODES = 12


def night(
    context: typer.Context,
    *,
    library: Annotated[
        list[str] | None, typer.Option("--library", metavar="L", help="Dream about this library; may be repeated.")
    ] = None,
    dreams: Annotated[int | None, typer.Option(min=1, help="End when this many dreams are verified.")] = None,
    minutes: Annotated[float | None, typer.Option(min=0.01, max=1440, help="End after this time.")] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A language model; `builtin` needs none. What the settings say by default."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Proofs at the same time.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Makes the night repeatable.")] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Dream one night; it ends at the first limit. Ctrl-C wakes up cleanly. Unknown libraries are read first."""
    desk = Desk.of(context, as_json, base_dir)
    order = NightOrder(
        libraries=tuple(library or ()), dreams=dreams, minutes=minutes, model=model, workers=workers, seed=seed
    )
    settings = load_settings(desk.paths.settings)
    picture = NightPicture(
        clock=SystemClock(),
        wanted=dreams or settings.night.dreams,
        minutes=minutes or settings.night.minutes,
        workers=workers or proofs_at_once(settings),
    )
    with night_display(desk, picture) as listener, desk.dreamer(listener) as dreamer:
        report = desk.run(dreamer, lambda: dreamer.night(order))
    if desk.as_json:
        desk.answer(_document(report))
    else:
        _print_report(desk, report, picture.elapsed)
    if desk.stopped_by:
        if not desk.as_json:
            desk.out.print("Stopped by you. What is verified is kept; the same command goes on from there.")
        raise typer.Exit(desk.stop_status)
    if report.night.end is NightEnd.FAILED:
        if not desk.as_json:
            desk.err.print(f"[red]The night broke off:[/] see {report.log}, or run [cyan]dreamer doctor[/]")
        raise typer.Exit(1)


def _document(report: NightReport) -> dict[str, object]:
    return {
        "night": report.night,
        "dreams": [
            {
                "id": dream.id,
                "title": dream.scenario.title,
                "tier": dream.verdict.tier if dream.verdict else None,
                "libraries": [f"{pin.name} {pin.version}" for pin in dream.scenario.libraries],
                "uses_api": [use.name for use in dream.scenario.uses_api],
                "folder": f"{report.folder}/dream_{dream.id}",
                "seconds": dream.cost.seconds,
                "synthetic": True,
            }
            for dream in report.dreams
        ],
        "api_nodes": report.api_nodes,
        "folder": report.folder,
        "log": report.log,
    }


def _print_report(desk: Desk, report: NightReport, elapsed: float) -> None:
    night, out = report.night, desk.out
    figures = night.figures
    out.print(f"[bold]Night {night.id}[/]: {night.end} after {duration(elapsed)}")
    if report.dreams:
        table = Table(box=None, padding=(0, 2, 0, 0))
        table.add_column("Dream", style="cyan", no_wrap=True)
        table.add_column("Title", overflow="fold", ratio=1)
        table.add_column("Libraries", overflow="fold")
        table.add_column("Tier", style="green")
        table.add_column("Proof", justify="right")
        for dream in report.dreams:
            libraries = ", ".join(pin.name for pin in dream.scenario.libraries)
            tier = dream.verdict.tier.value if dream.verdict and dream.verdict.tier else ""
            table.add_row(dream.id, escape(dream.scenario.title), libraries, tier, f"{dream.cost.seconds:.1f} s")
        out.print(table)
    pins = ", ".join(f"{pin.name} {pin.version}" for pin in night.libraries)
    out.print(
        f"\n[green]{len(report.dreams)} verified[/], {figures.get('rejected', 0):g} rejected of "
        f"{figures.get('scenarios', 0):g} scenarios about {pins}"
    )
    stopped = {name.removeprefix("stopped_by."): count for name, count in figures.items() if name.startswith("stopped")}
    if stopped:
        out.print("[dim]Rejected by " + ", ".join(f"{gate}: {count:g}" for gate, count in stopped.items()) + "[/]")
    for line in _about_the_model(figures):
        out.print(f"[dim]{line}[/]")
    if not figures.get("scenarios") and night.end is NightEnd.SATURATED:
        out.print(f"[yellow]{NOTHING_WOVEN}[/]")
    if report.api_nodes:
        more = len(report.api_nodes) - SHOWN_NODES
        nodes = ", ".join(report.api_nodes[:SHOWN_NODES]) + (f" and {more} more" if more > 0 else "")
        out.print(f"{len(report.api_nodes)} API nodes learned: [dim]{nodes}[/]")
    out.print(f"Folders: [bold]{escape(report.folder)}[/]")
    out.print(f"Log: [dim]{escape(report.log)}[/]")
    if report.dreams:
        out.print(f"\nNext: [cyan]dreamer journal show {report.dreams[0].id[:6]}{_base(desk)}[/]")
    else:
        out.print(f"\nNext: [cyan]dreamer journal list --all{_base(desk)}[/]")


def _about_the_model(figures: Mapping[str, float]) -> Iterator[str]:
    """What a language model was asked, what became of its answers, and what rests."""
    drafts = {name.removeprefix("drafts."): count for name, count in figures.items() if name.startswith("drafts.")}
    if drafts:
        ranked = sorted(drafts.items(), key=lambda item: (-item[1], item[0]))
        yield "Answers that became no task: " + ", ".join(f"{escape(reason)}: {count:g}" for reason, count in ranked)
    calls, tokens, verified = (figures.get(name, 0) for name in ("model.calls", "model.tokens", "verified"))
    if calls:
        each = f", {tokens / verified:.0f} tokens a dream" if verified else ""
        yield f"{calls:g} model calls: {1000 * verified / calls:.0f} verified per 1,000{each}"
    if figures.get("subjects.saturated"):
        yield f"{figures['subjects.saturated']:g} of {figures['subjects']:g} subjects are saturated and rest"


def _base(desk: Desk) -> str:
    return f" --base-dir {escape(str(desk.base))}" if desk.base else ""
