"""`dreamer serve` and `dreamer mcp`: programs that stay without a desktop. Display only."""

from __future__ import annotations

import typer
from rich.markup import escape

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.service.running import Address


def serve(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Stay and dream without a desktop; other programs connect over the local API. Ctrl-C ends it and its workers."""
    desk = Desk.of(context, as_json, base_dir)
    url = "http://127.0.0.1:{}"

    def ready(address: Address, problem: str) -> None:
        where = url.format(address.port) if address.port else None
        if desk.as_json:
            desk.answer({"pid": address.pid, "socket": address.socket, "url": where, "problem": problem})
            return
        desk.out.print(
            f"The Dreamer serves {escape(str(desk.paths.base))}" + (f" at [cyan]{where}[/]" if where else "")
        )
        desk.out.print("[dim]`dreamer now` starts dreaming, `dreamer api token` prints the token, Ctrl-C ends it[/]")
        if problem:
            desk.warn(problem)

    assert desk.programs is not None, "the composition root names them"
    desk.programs.serve(desk.paths, ready)


def mcp(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Answer a coding agent over standard input and output (MCP); agents start this themselves."""
    desk = Desk.of(context, as_json, base_dir)
    assert desk.programs is not None, "the composition root names them"
    desk.programs.mcp(desk.paths)
