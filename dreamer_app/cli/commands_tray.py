"""`dreamer tray`: the tray application. The composition root puts it together."""

from __future__ import annotations

from typing import Annotated

import typer

from dreamer_app.cli.desk import AsJson, BaseDir, Desk


def tray(
    context: typer.Context,
    *,
    background: Annotated[bool, typer.Option("--background", help="Open no window, as at login.")] = False,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Live in the system tray and dream when nobody needs the computer. A second start shows the first one's window."""
    desk = Desk.of(context, as_json, base_dir)
    assert desk.programs is not None, "the composition root names them"
    raise typer.Exit(desk.programs.tray(desk.paths, background))
