"""`dreamer seed`: what the next night should be about. Display only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.errors import UsageError

seed_app = typer.Typer(help="What the next night should be about.", no_args_is_help=True)


@seed_app.command("folder")
def folder(
    context: typer.Context,
    *,
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER…", help="Projects of yours.")],
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Read which APIs your projects use. Names only: nothing is run, and no line of your code is kept."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        sown = {str(one): dreamer.academy.sow_folder(one) for one in folders}
    _tell(desk, sown)


@seed_app.command("failure")
def failure(
    context: typer.Context,
    *,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A traceback or test log; none reads what is piped in.")
    ] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Hand in a traceback or a failed test, to dream about what it speaks of."""
    desk = Desk.of(context, as_json, base_dir)
    if file is None or str(file) == "-":
        source, text = "standard input", sys.stdin.read()
    elif file.is_file():
        source, text = str(file.absolute()), file.read_text(encoding="utf-8", errors="replace")
    else:
        raise UsageError("That file cannot be read", str(file), "Name a file, or pipe the text in.")
    with desk.dreamer() as dreamer:
        sown = {source: dreamer.academy.sow_failure(text, source)}
    _tell(desk, sown)


@seed_app.command("about")
def about(
    context: typer.Context,
    *,
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="APIs or libraries, e.g. `toolz.groupby`.")],
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Dream about this: name APIs or libraries."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        sown = {name: dreamer.academy.sow_wish(name) for name in names}
    _tell(desk, sown)


@seed_app.command("list")
def list_seeds(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """List seeds, newest first; dreams that you rejected are among them."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        seeds = dreamer.academy.seeds()
    if desk.as_json:
        desk.answer({"seeds": seeds})
        return
    if not seeds:
        desk.out.print("No seeds. [cyan]dreamer seed folder PROJECT[/] or [cyan]dreamer seed about toolz.groupby[/]")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("Kind", "Name", "Times", "From", "Note"):
        table.add_column(column, overflow="fold")
    for seed in seeds:
        table.add_row(seed.kind.value, escape(seed.name), str(seed.times), escape(seed.source), escape(seed.note))
    desk.out.print(table)


@seed_app.command("forget")
def forget(
    context: typer.Context,
    *,
    text: Annotated[str, typer.Argument(metavar="NAME", help="A name, or the folder or file it was found in.")],
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Forget the seeds of a name, a folder or a file."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        gone = dreamer.academy.forget_seeds(text)
    if not gone:
        raise UsageError("There is no such seed", repr(text), "`dreamer seed list` shows them.")
    if desk.as_json:
        desk.answer({"forgotten": gone})
    else:
        desk.out.print(f"{gone} forgotten")


def _tell(desk: Desk, sown: dict[str, int]) -> None:
    if desk.as_json:
        desk.answer({"sown": sown})
        return
    for source, number in sown.items():
        desk.out.print(f"{escape(source)}: {number} {'name' if number == 1 else 'names'} to dream about")
    if not any(sown.values()):
        desk.out.print("Nothing in it is known. [cyan]dreamer ingest pypi:LIBRARY[/] reads a library first.")
