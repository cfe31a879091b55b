"""`dreamer journal`: reading and reviewing dreams. Display only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

from dreamer_app.academy.record import folder_of
from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import DreamState, GateVerdict, Review
from dreamer_app.service.journal import DreamPage
from dreamer_app.store.records import DreamFilter, DreamSummary

journal_app = typer.Typer(help="The Dream Journal.", no_args_is_help=True)

_STATES = {"verified": "green", "failed": "red", "running": "yellow", "interrupted": "yellow"}
_REVIEWS = {"pending": "dim", "approved": "green", "rejected": "red"}


@journal_app.command("list")
def list_dreams(
    context: typer.Context,
    *,
    state: Annotated[DreamState, typer.Option(help="By the machine's word.")] = DreamState.VERIFIED,
    every: Annotated[bool, typer.Option("--all", help="Dreams in every state.")] = False,
    review: Annotated[Review | None, typer.Option(help="By your word.")] = None,
    library: Annotated[str | None, typer.Option(help="Only about this library.")] = None,
    night: Annotated[str | None, typer.Option(help="Only of this night.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Show at most this many, newest first.")] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """List dreams, newest first."""
    desk = Desk.of(context, as_json, base_dir)
    wanted = DreamFilter(state=None if every else state, review=review, library=library, night_id=night, limit=limit)
    with desk.dreamer() as dreamer:
        dreams = dreamer.journal.list(wanted)
        nights = dreamer.journal.nights()
        folders = {line.id: _folder(folder_of(dreamer.paths.dreams, line.id), line) for line in dreams}
    if desk.as_json:
        listed = [line.model_dump(mode="json") | {"folder": folders[line.id]} for line in dreams]
        desk.answer({"dreams": listed, "nights": nights})
        return
    if not dreams:
        desk.out.print("The journal has no such dreams. [cyan]dreamer night --library textual --dreams 10[/]")
        return
    desk.out.print(dream_table(dreams))
    desk.out.print(f"\n{len(dreams)} dreams. Next: [cyan]dreamer journal show {dreams[0].id[:6]}[/]")


def dream_table(dreams: tuple[DreamSummary, ...]) -> Table:
    """One line per dream."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Dream", no_wrap=True, style="cyan")
    table.add_column("Title", overflow="fold", ratio=1)
    table.add_column("Libraries", overflow="fold")
    table.add_column("Proof", no_wrap=True)
    table.add_column("Your word", no_wrap=True)
    table.add_column("Dreamt (UTC)", no_wrap=True, style="dim")
    for line in dreams:
        proof = line.tier.value if line.tier else f"{line.state.value} {line.stopped_by or ''}".strip()
        table.add_row(
            line.id,
            escape(line.title),
            ", ".join(line.libraries),
            f"[{_STATES[line.state.value]}]{proof}[/]",
            f"[{_REVIEWS[line.review.value]}]{line.review.value}[/]",
            f"{line.created_at:%Y-%m-%d %H:%M}",
        )
    return table


@journal_app.command("show")
def show(
    context: typer.Context,
    *,
    dream: Annotated[str, typer.Argument(metavar="ID", help="Identifier, its beginning, or the folder's name.")],
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Show one dream: task, solution, tests, receipts, where it comes from."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        page = dreamer.journal.show(dream)
    if desk.as_json:
        desk.answer(page.model_dump(mode="json") | {"synthetic": True})
        return
    _print_page(desk, page)


def _print_page(desk: Desk, page: DreamPage) -> None:
    dream, out = page.dream, desk.out
    scenario = dream.scenario
    state, review = dream.state.value, dream.review.value
    tier = f" · {dream.verdict.tier.value}" if dream.verdict and dream.verdict.tier else ""
    head = (
        f"[{_STATES[state]}]{state}{tier}[/] · [{_REVIEWS[review]}]{review}[/] · {scenario.origin}, {scenario.pattern}"
        f" · {dream.created_at:%Y-%m-%d %H:%M} UTC · night {dream.night_id}"
    )
    out.print(Panel(head, title=f"[bold]{escape(scenario.title)}[/]  [cyan]{dream.id}[/]", title_align="left"))
    out.print(Markdown(scenario.prompt))
    out.print()
    for title, code in (("solution.py", dream.candidate.solution), ("test_solution.py", scenario.tests)):
        out.print(f"[bold]{title}[/]")
        out.print(Syntax(code.strip(), "python", background_color="default", word_wrap=True))
        out.print()
    out.print(_uses(page))
    if dream.verdict is not None:
        out.print(_receipts(page))
    for quote in scenario.knowledge.quotes:
        out.print(f"[dim]{escape(quote.node)}:[/] “{escape(quote.text.strip())}”")
    for decision in page.decisions:
        undone = " (undone)" if decision.undone_at else ""
        out.print(f"{decision.decided_at:%Y-%m-%d %H:%M} {decision.review.value}{undone} {escape(decision.reason)}")
    for one in page.nightmares:
        out.print(f"[yellow]Does not hold under {escape(one.version)}[/]: {escape(one.why)}, {escape(one.error)}")
    again = [attempt for attempt in page.attempts if attempt.purpose == "again"]
    if again:
        out.print(f"Proved again {len(again)} times, {sum(bool(run.accepted) for run in again)} times accepted")
    out.print(f"\n[dim]environment {dream.provenance.environment} · image {dream.provenance.image[:19]}[/]")
    if page.folder:
        out.print(f"Folder: [bold]{escape(page.folder)}[/]")


def _uses(page: DreamPage) -> Table:
    scenario = page.dream.scenario
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    pins = ", ".join(f"{pin.name} {pin.version} ({pin.license or 'licence not stated'})" for pin in scenario.libraries)
    table.add_row("Libraries", escape(pins))
    table.add_row("Needs", ", ".join(use.name for use in scenario.uses_api))
    table.add_row("Woven from", escape(f"{scenario.knowledge.cluster}: {', '.join(scenario.knowledge.nodes)}"))
    table.add_row("Difficulty", f"{scenario.difficulty.score:.2f}  {_parts(scenario.difficulty.parts)}")
    table.add_row("Naturalness", f"{scenario.naturalness.score:.2f}  {_parts(scenario.naturalness.parts)}")
    table.add_row("Nearest example", f"{scenario.triviality.nearest_example} ({scenario.triviality.similarity:.2f})")
    return table


def _parts(parts: dict[str, float]) -> str:
    return "[dim]" + ", ".join(f"{name} {value:.2f}" for name, value in parts.items()) + "[/]"


def _receipts(page: DreamPage) -> Table:
    table = Table(title="\nReceipts", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("", "Gate", "Evidence"):
        table.add_column(column, overflow="fold")
    table.add_column("Seconds", justify="right")
    assert page.dream.verdict is not None
    for receipt in page.dream.verdict.receipts:
        sign = "[green]✓[/]" if receipt.verdict is GateVerdict.PASSED else "[red]✗[/]"
        evidence = ", ".join(f"{name}={value}" for name, value in receipt.evidence.items())
        short = evidence if len(evidence) <= 200 else evidence[:199] + "…"
        table.add_row(sign, f"{receipt.gate} {receipt.name}", escape(short), f"{receipt.seconds:.2f}")
    return table


@journal_app.command("approve")
def approve(
    context: typer.Context,
    *,
    dreams: Annotated[list[str], typer.Argument(metavar="ID…")],
    reason: Annotated[str, typer.Option(help="Why, for later.")] = "",
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Say that dreams are worth keeping."""
    _decide(Desk.of(context, as_json, base_dir), dreams, Review.APPROVED, reason)


@journal_app.command("reject")
def reject(
    context: typer.Context,
    *,
    dreams: Annotated[list[str], typer.Argument(metavar="ID…")],
    reason: Annotated[str, typer.Option(help="Why, for later.")] = "",
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Say that dreams are not worth keeping. Nothing is deleted."""
    _decide(Desk.of(context, as_json, base_dir), dreams, Review.REJECTED, reason)


def _decide(desk: Desk, dreams: list[str], review: Review, reason: str) -> None:
    with desk.dreamer() as dreamer:
        identifiers = [dreamer.journal.resolve(dream) for dream in dreams]  # all are known before any is decided
        dreamer.journal.review(identifiers, review, reason)  # one action, taken back in one go
        dreamer.journal.settle()
        decisions = [dreamer.journal.show(identifier).decisions[-1] for identifier in identifiers]
    if desk.as_json:
        desk.answer({"decisions": decisions})
        return
    for decision in decisions:
        desk.out.print(f"[{_REVIEWS[review.value]}]{review.value}[/] {decision.dream_id}")
    desk.out.print("[dim]dreamer journal undo takes the last one back[/]")


@journal_app.command("undo")
def undo(
    context: typer.Context,
    *,
    dream: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only a decision about this dream.")] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Take back the latest decision, about all the dreams that it was given about."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        decision = dreamer.journal.undo(dream)
    if desk.as_json:
        desk.answer(decision)
        return
    desk.out.print(f"{decision.dream_id}: {decision.review.value} → {decision.previous.value}")


@journal_app.command("redo")
def redo(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Give the decision again that was taken back last."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        action = dreamer.journal.redo_action()
        if action is None:
            raise UsageError("There is nothing to redo", "No decision was taken back since the latest one.")
        dreamer.journal.settle()
    if desk.as_json:
        desk.answer(action)
        return
    desk.out.print(f"{action.kind.value}: {', '.join(action.dreams)}")


@journal_app.command("search")
def search(
    context: typer.Context,
    *,
    query: Annotated[
        list[str], typer.Argument(metavar="WORD…", help="Words, and qualifiers such as lib:rich gate:G4.")
    ],
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Search titles, task texts, code and API names of verified dreams; with qualifiers, all dreams."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        hits = dreamer.journal.search(" ".join(map(as_typed, query)), limit)
    if desk.as_json:
        desk.answer({"hits": hits})
        return
    for hit in hits:
        desk.out.print(f"[cyan]{hit.dream.id}[/] [bold]{escape(hit.dream.title)}[/]")
        about = " ".join(hit.excerpt.split()) or f"{', '.join(hit.dream.libraries)} · {hit.dream.state.value}"
        desk.out.print(f"  [dim]{escape(about)}[/]")
    if not hits:
        desk.out.print("Nothing found.")


def as_typed(word: str) -> str:
    """A qualifier whose value the shell's quotes held together gets the quotes of the search box."""
    name, colon, value = word.partition(":")
    return f'{name}:"{value}"' if colon and " " in value and name.lstrip("-").isalpha() else word


def _folder(path: Path, line: DreamSummary) -> str | None:
    return str(path) if line.state is DreamState.VERIFIED else None
