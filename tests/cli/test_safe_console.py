"""No text of others reaches the terminal as a command."""

from __future__ import annotations

import io

import pytest
from rich.console import RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.progress import Progress
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from dreamer_app.cli.safe_console import SafeConsole

EVIL = "title \x1b]0;owned\x07\x1b[2Jgone \u202egnp.exe\u202c \x9b31m"
HIDING = "\x1b\x07\u202e\u202c\x9b"


def table() -> Table:
    found = Table(title=EVIL)
    found.add_column(EVIL)
    found.add_row(EVIL)
    return found


@pytest.mark.parametrize(
    "thing",
    [
        EVIL,
        Text(EVIL),
        Panel(EVIL, title=EVIL),
        Syntax(f"x = '{EVIL}'", "python"),
        Markdown(f"# {EVIL}\n`{EVIL}`"),
        table(),
    ],
    ids=["markup", "text", "panel", "code", "markdown", "table"],
)
def test_control_and_bidirectional_characters_are_written_out(thing: RenderableType) -> None:
    file = io.StringIO()
    SafeConsole(file=file, width=120, color_system=None).print(thing)
    assert not set(HIDING) & set(file.getvalue())
    assert "⟨ESC⟩" in file.getvalue()


def test_what_rich_itself_tells_the_terminal_stays() -> None:
    file = io.StringIO()
    console = SafeConsole(file=file, width=80, force_terminal=True, color_system="truecolor")
    console.print("[red]red[/] and [bold]bold[/]")
    with Progress(console=console) as progress:
        progress.update(progress.add_task("work", total=2), advance=1)
    assert "\x1b[31mred\x1b[0m" in file.getvalue() and "\x1b[2K" in file.getvalue()
    assert "⟨" not in file.getvalue()
