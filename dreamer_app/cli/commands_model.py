"""`dreamer model`, `prompts`, `mastery`: which models there are, what they are asked, what was learned. No logic."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.cli.progress import step_display
from dreamer_app.core.settings import load_settings
from dreamer_app.service.models import ModelDesk

model_app = typer.Typer(no_args_is_help=True, help="Language models: which there are, and whether they answer.")
prompts_app = typer.Typer(no_args_is_help=True, help="What models are asked: our wording, and yours.")


def _models(desk: Desk) -> ModelDesk:
    return ModelDesk(desk.paths, load_settings(desk.paths.settings))


@model_app.command("list")
def list_models(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """List the servers that answer, this computer's and the one of the settings, with their models."""
    desk = Desk.of(context, as_json, base_dir)
    servers = asyncio.run(_models(desk).servers())
    if desk.as_json:
        desk.answer({"servers": servers})
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Server", style="cyan", no_wrap=True)
    table.add_column("Address", no_wrap=True)
    table.add_column("Models", overflow="fold")
    for server in servers:
        table.add_row(server.name, server.base_url, escape(", ".join(server.models)))
    if servers:
        desk.out.print(table)
        desk.out.print("\nNext: [cyan]dreamer night --model NAME[/]")
    else:
        desk.out.print("No model server answers on this computer. Start Ollama, LM Studio, llama.cpp or vLLM, or set")
        desk.out.print("`base_url` of `[model]` in the settings. `dreamer night` needs no model.")


@model_app.command("test")
def test_model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As the server lists it.")],
    *,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Ask a model for one short answer and say how long it took."""
    desk = Desk.of(context, as_json, base_dir)
    report = asyncio.run(_models(desk).try_out(name))
    if desk.as_json:
        desk.answer(report)
    elif report.ok:
        speed = f", {report.tokens_per_second:g} tokens a second" if report.tokens_per_second else ""
        desk.out.print(f"[green]✓[/] {escape(report.message)} First token after {report.first_token_seconds} s{speed}.")
    else:
        desk.out.print(f"[red]✗[/] {escape(report.message)}\n[cyan]→[/] {escape(report.hint)}")
    if not report.ok:
        raise typer.Exit(1)


@prompts_app.command("list")
def list_prompts(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """List the prompts with their versions; a changed one has a plus in it."""
    desk = Desk.of(context, as_json, base_dir)
    shelf = _models(desk).prompts
    versions = {name: shelf.get(name).version for name in shelf.names()}
    if desk.as_json:
        desk.answer({"prompts": versions, "folder": str(desk.paths.prompts)})
        return
    for name, version in versions.items():
        desk.out.print(f"[cyan]{name:<10}[/] {version}")
    desk.out.print(f"\nYour wording goes to [bold]{escape(str(desk.paths.prompts))}[/], as a file of the same name.")


@prompts_app.command("show")
def show_prompt(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the prompt.")],
    *,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Print a prompt as it is used: your wording where there is one, ours otherwise."""
    desk = Desk.of(context, as_json, base_dir)
    shelf = _models(desk).prompts
    text = shelf.changed(name) or shelf.ours(name)
    if desk.as_json:
        desk.answer({"name": name, "version": shelf.get(name).version, "text": text})
    else:
        desk.out.print(text, markup=False)


@prompts_app.command("diff")
def diff_prompt(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Of the prompt; all of them by default.")] = None,
    *,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Show what you have changed in a prompt."""
    desk = Desk.of(context, as_json, base_dir)
    shelf = _models(desk).prompts
    found = {one: shelf.difference(one) for one in ([name] if name else shelf.names())}
    changed = {one: text for one, text in found.items() if text}
    if desk.as_json:
        desk.answer({"changed": changed})
    elif changed:
        desk.out.print("\n".join(changed.values()), markup=False)
    else:
        desk.out.print("Nothing is changed.")


def mastery(
    context: typer.Context,
    library: Annotated[str | None, typer.Argument(metavar="LIBRARY", help="Measure this one now.")] = None,
    *,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Who solves; what the settings say.")] = None,
    tasks: Annotated[int, typer.Option(min=4, max=500, help="Sealed tasks to be solved, twice each.")] = 20,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Say what was learned, library by library; with a library, measure it on sealed tasks first."""
    desk = Desk.of(context, as_json, base_dir)
    with step_display(desk) as listener, desk.dreamer(listener) as dreamer:
        if library is not None:
            wanted = library
            desk.run(dreamer, lambda: dreamer.examine(wanted, model=model, tasks=tasks))
        found = dreamer.mastered()
    if desk.as_json:
        desk.answer({"mastery": [{**one.model_dump(mode="json"), "learned": one.difference.learned} for one in found]})
        return
    for one in found:
        desk.out.print(f"{'[green]✓[/]' if one.difference.learned else '[dim]–[/]'} {escape(one.sentence)}")
    if not found:
        desk.out.print("Nothing was measured yet. Next: [cyan]dreamer mastery LIBRARY --model NAME[/]")
