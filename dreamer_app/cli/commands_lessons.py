"""`dreamer lessons`: what was learned, as coders and agents are served it. Display only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.syntax import Syntax

from dreamer_app.academy.lessons_store import LessonHit
from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.types import DreamState, Review
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.store.records import DreamFilter

lessons_app = typer.Typer(help="What was learned from approved dreams.", no_args_is_help=True)

ShowCode = Annotated[bool, typer.Option("--code", help="Print the proven solution of each.")]
Limit = Annotated[int, typer.Option(min=1, max=100, help="At most this many.")]


@lessons_app.command("search")
def search(
    context: typer.Context,
    *,
    query: Annotated[list[str], typer.Argument(metavar="QUERY…", help="A question, a task, or names of APIs.")],
    library: Annotated[str | None, typer.Option(help="Only about this library.")] = None,
    version: Annotated[
        str | None, typer.Option(help="Only about this version of it: `8.2.8`, `8.2` or `>=8,<9`.")
    ] = None,
    limit: Limit = 10,
    code: ShowCode = False,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Search the lessons, best first."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        hits = dreamer.lessons.search(" ".join(query), library=library, version=version, limit=limit)
        known, waiting = _counts(dreamer)
    _show(desk, hits, known, waiting, code=code)


@lessons_app.command("about")
def about(
    context: typer.Context,
    *,
    api: Annotated[str, typer.Argument(metavar="API", help="Dotted path (`toolz.groupby`) or its last name.")],
    limit: Limit = 10,
    code: ShowCode = False,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """List the lessons that use an API, the most used first."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        hits = dreamer.lessons.about(api, limit)
        known, waiting = _counts(dreamer)
    _show(desk, hits, known, waiting, code=code)


def _counts(dreamer: Dreamer) -> tuple[int, int]:
    """Lessons, and proven dreams that nobody has said a word about."""
    waiting = dreamer.journal.list(DreamFilter(state=DreamState.VERIFIED, review=Review.PENDING))
    return len(dreamer.lessons), len(waiting)


def _show(desk: Desk, hits: tuple[LessonHit, ...], known: int, waiting: int, *, code: bool) -> None:
    if desk.as_json:
        desk.answer({"synthetic": True, "lessons": known, "waiting": waiting, "hits": hits})
        return
    for hit in hits:
        lesson = hit.lesson
        pins = ", ".join(f"{pin.name} {pin.version}" for pin in lesson.libraries)
        used = {0: "never used", 1: "used once"}.get(lesson.uses, f"used {lesson.uses} times")
        desk.out.print(f"[cyan]{lesson.id}[/] [bold]{escape(lesson.title)}[/]")
        desk.out.print(f"  [dim]{escape(pins)} · {escape(', '.join(lesson.apis))} · {used}[/]")
        if code:
            desk.out.print(Syntax(lesson.code.strip(), "python", theme="ansi_light"))
    if not hits:
        found = {0: "No lessons yet.", 1: "Nothing found in one lesson."}.get(
            known, f"Nothing found in {known} lessons."
        )
        dreams = "One proven dream waits" if waiting == 1 else f"{waiting} proven dreams wait"
        hint = f" {dreams} for your word: [cyan]dreamer journal list[/]. Approved, it is a lesson." if waiting else ""
        desk.out.print(found + hint)
