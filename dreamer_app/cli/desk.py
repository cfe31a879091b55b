"""What every command shares: where it writes, as what, and how work under way is stopped with Ctrl-C.

With `--json` one document goes to stdout and everything else to stderr. Nothing here knows a particular command.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, TextIO, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape

from dreamer_app.cli.programs import Programs
from dreamer_app.cli.safe_console import SafeConsole
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.events import Listener, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.engine.wake import WakeReason
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.workshop import Workshop

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document; logs go to stderr.")]
BaseDir = Annotated[
    Path | None,
    typer.Option("--base-dir", metavar="DIR", help="Keep everything under this folder.", file_okay=False),
]
FILE_WIDTH = 160
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it (128 + SIGINT)."""


class StoppedError(Exception):
    """The user stopped the work before it had a result.

    Attributes:
        status: Exit status.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Desk:
    """One invocation of the program.

    Attributes:
        workshop: Makes the parts.
        as_json: Whether a program reads the answer.
        base: The base folder, None for the usual place.
        programs: Programs that stay, where there are any.
        stopped_by: Signals that arrived, in order.
    """

    workshop: Callable[[], Workshop]
    as_json: bool = False
    base: Path | None = None
    programs: Programs | None = None
    stopped_by: list[int] = field(default_factory=list)

    @staticmethod
    def of(context: typer.Context, as_json: bool, base_dir: Path | None) -> Desk:
        """The desk of a command, with the options given before and after its name taken together."""
        desk = context.obj
        assert isinstance(desk, Desk)
        return replace(desk, as_json=desk.as_json or as_json, base=base_dir or desk.base)

    @property
    def out(self) -> Console:
        """Where answers for people go."""
        return _console(sys.stdout)

    @property
    def err(self) -> Console:
        """Where everything else goes."""
        return _console(sys.stderr)

    @property
    def paths(self) -> DataPaths:
        """The base folder."""
        return DataPaths(self.base.expanduser().absolute()) if self.base else DataPaths.default()

    @contextlib.contextmanager
    def dreamer(self, listener: Listener = ignore) -> Iterator[Dreamer]:
        """The service over the base folder."""
        dreamer = Dreamer(self.paths, self.workshop, listener)
        for reason in dreamer.recovery.damaged:
            self.warn(reason)
        try:
            yield dreamer
        finally:
            dreamer.close()

    def run(self, dreamer: Dreamer, work: Callable[[], Awaitable[T]]) -> T:
        """Run work to its end, waking up cleanly at the first Ctrl-C and leaving at once at the second.

        Raises:
            StoppedError: It was stopped before it had a result.
        """

        def stop(number: int) -> None:
            if self.stopped_by:
                os._exit(128 + number)  # workers left behind are swept by label at the next start
            self.stopped_by.append(number)
            dreamer.wake_up(WakeReason.STOPPED)

        async def supervised() -> T:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                with contextlib.suppress(NotImplementedError, ValueError):  # Windows; not the main thread
                    loop.add_signal_handler(number, stop, int(number))
            return await work()

        loop_runner = asyncio.Runner()
        try:
            return loop_runner.run(supervised())
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise StoppedError(self.stop_status) from None
        finally:
            if not self.stopped_by:  # closing waits for threads, and one may be in the middle of a download
                loop_runner.close()

    @property
    def stop_status(self) -> int:
        """Exit status of a program that was stopped: 128 and the signal's number."""
        return 128 + self.stopped_by[0] if self.stopped_by else INTERRUPTED

    def answer(self, document: BaseModel | dict[str, Any]) -> None:
        """Print the one JSON document."""
        value = document.model_dump(mode="json") if isinstance(document, BaseModel) else document
        sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n")
        sys.stdout.flush()

    def warn(self, message: str) -> None:
        """A sentence on stderr."""
        self.err.print(f"[yellow]warning:[/] {escape(message)}", soft_wrap=True)

    def fail(self, error: DreamerError) -> None:
        """An error, as title, message and hint."""
        if self.as_json:
            self.answer({"error": {"title": error.title, "message": error.message, "hint": error.hint}})
            return
        self.err.print(f"[bold red]{escape(error.title)}[/]")
        self.err.print(f"  {escape(error.message)}")
        if error.hint:
            self.err.print(f"  [cyan]→[/] {escape(error.hint)}")


def _console(file: TextIO) -> Console:
    # Files and pipes have no width; tables in them are easier to read, and to search, when they are not folded early.
    return SafeConsole(file=file, highlight=False, width=None if file.isatty() else FILE_WIDTH)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON form")
