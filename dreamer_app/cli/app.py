"""The command line: `dreamer`. It turns words into calls of the service and errors into exit statuses.

0 success, 1 failure, 2 wrong usage, 130 stopped with Ctrl-C. Commands live in modules of their own.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from dreamer_app import __version__
from dreamer_app.cli import (
    commands_clean,
    commands_export,
    commands_gaps,
    commands_health,
    commands_journal,
    commands_knowledge,
    commands_lessons,
    commands_model,
    commands_night,
    commands_nightmares,
    commands_proof,
    commands_running,
    commands_seed,
    commands_serve,
    commands_tray,
    commands_wake,
)
from dreamer_app.cli.desk import AsJson, BaseDir, Desk, StoppedError
from dreamer_app.cli.programs import Programs
from dreamer_app.core.errors import DreamerError, UsageError, first_dreamer_error
from dreamer_app.service.workshop import Workshop

FAILURE, WRONG_USAGE = 1, 2

app = typer.Typer(
    name="dreamer",
    help="Dreams up, solves and proves programming tasks about the libraries you use.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("ingest")(commands_knowledge.ingest)
app.add_typer(commands_knowledge.graph_app, name="graph")
app.command("night")(commands_night.night)
app.add_typer(commands_journal.journal_app, name="journal")
commands_journal.journal_app.command("gaps")(commands_gaps.gaps)
app.command("verify")(commands_proof.verify)
app.command("nightmares")(commands_nightmares.nightmares)
app.command("serve")(commands_serve.serve)
app.command("mcp")(commands_serve.mcp)
app.command("export")(commands_export.export)
app.command("tray")(commands_tray.tray)
app.command("status")(commands_running.status)
app.command("now")(commands_running.now)
app.command("stop")(commands_running.stop)
app.command("finish")(commands_running.finish)
app.command("pause")(commands_running.pause)
app.command("resume")(commands_running.resume)
app.command("quit")(commands_running.quit_program)
app.add_typer(commands_running.api_app, name="api")
app.add_typer(commands_lessons.lessons_app, name="lessons")
app.add_typer(commands_seed.seed_app, name="seed")
app.add_typer(commands_model.model_app, name="model")
app.add_typer(commands_model.prompts_app, name="prompts")
app.command("mastery")(commands_model.mastery)
app.command("clean")(commands_clean.clean)
app.command("doctor")(commands_health.doctor)
app.command("wake-test")(commands_wake.wake_test)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dreamer {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Dreams up, solves and proves programming tasks about the libraries you use."""
    context.obj = Desk.of(context, as_json, base_dir)


@contextmanager
def _logs_on_stderr() -> Iterator[None]:
    """Only what our own rooms say; other people's libraries warn about things that no user can mend."""
    nothing, ours = logging.NullHandler(), logging.StreamHandler(sys.stderr)
    ours.setLevel(logging.WARNING)
    ours.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(nothing)
    logging.getLogger("dreamer_app").addHandler(ours)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(nothing)
        logging.getLogger("dreamer_app").removeHandler(ours)


def run(workshop: Callable[[], Workshop], arguments: Sequence[str], programs: Programs | None = None) -> int:
    """Run one command.

    Args:
        workshop: Makes the parts.
        arguments: Without the program's name.
        programs: Programs that stay, where there are any.

    Returns:
        The exit status.
    """
    with _logs_on_stderr():
        return _run(Desk(workshop, as_json="--json" in arguments, programs=programs), arguments)


def _run(desk: Desk, arguments: Sequence[str]) -> int:
    try:
        status = app(args=list(arguments), obj=desk, standalone_mode=False)
        return status if isinstance(status, int) else 0
    except StoppedError as stopped:
        desk.fail(DreamerError("Stopped", "Nothing was lost: what is finished is kept, the rest is done again."))
        return stopped.status
    except UsageError as error:
        desk.fail(error)
        return WRONG_USAGE
    except DreamerError as error:
        desk.fail(error)
        return FAILURE
    except typer.TyperException as error:
        if message := error.format_message():
            desk.fail(UsageError("Wrong usage", message, "`dreamer --help` lists the commands."))
        return WRONG_USAGE
    except (KeyboardInterrupt, typer.Abort):
        desk.fail(DreamerError("Stopped", "Nothing was lost."))
        return 128 + 2
    except BrokenPipeError:
        # The reader of our output has gone; what is left in the buffer must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except ExceptionGroup as group:
        found = first_dreamer_error(group)
        if found is None:
            raise
        desk.fail(found)
        return FAILURE
