"""The composition root: names the real parts, and is the program's entry point."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dreamer_app.core.interpreter import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dreamer_app.core.paths import DataPaths
    from dreamer_app.service.running import Address
    from dreamer_app.service.workshop import Workshop

STOPPED = 128
"""Exit statuses from here on mean a signal."""


def workshop() -> Workshop:
    """The real parts."""
    # Docker's and the graph's libraries take over a second to import, which reading the journal need not wait for.
    from dreamer_app.service import real_workshop  # noqa: PLC0415

    return real_workshop.workshop()


def serve(paths: DataPaths, ready: Callable[[Address, str], None]) -> None:
    """The resident program without a desktop."""
    # The web server takes over a second to import, which no other command need wait for.
    from dreamer_app.headless import run_headless  # noqa: PLC0415

    run_headless(workshop, paths, ready)


def mcp(paths: DataPaths) -> None:
    """The server that a coding agent starts."""
    from dreamer_app.headless import run_mcp  # noqa: PLC0415

    run_mcp(workshop, paths)


def tray(paths: DataPaths, background: bool) -> int:
    """The tray application."""
    from dreamer_app.windowed import run_windowed  # noqa: PLC0415  Qt is for those who want windows

    return run_windowed(workshop, paths, background=background)


def leave(status: int) -> NoReturn:
    """End the program; at once after Ctrl-C, though a thread may be in the middle of a download or a parse."""
    sys.stdout.flush()
    sys.stderr.flush()
    if status >= STOPPED:
        os._exit(status)
    sys.exit(status)


def _told(program: Callable[[], int]) -> int:
    """Run a program and say on stderr why it could not."""
    from dreamer_app.core.errors import DreamerError, UsageError  # noqa: PLC0415

    try:
        return program()
    except DreamerError as error:
        sys.stderr.write("\n".join(part for part in (error.title, error.message, error.hint) if part) + "\n")
        return 2 if isinstance(error, UsageError) else 1


def plain_tray(arguments: Sequence[str]) -> tuple[DataPaths, bool] | None:
    """What a plain start of the tray means, without the command line, whose imports take longer than the tray itself.

    Returns:
        The base folder and whether no window is wanted; None when the command line has to read the arguments.
    """
    words = list(arguments[1:] if arguments[:1] == ["tray"] else arguments)
    if words and arguments[:1] != ["tray"]:
        return None
    from dreamer_app.core.paths import DataPaths  # noqa: PLC0415

    background = "--background" in words
    words = [word for word in words if word != "--background"]
    if not words:
        return DataPaths.default(), background
    if len(words) == 2 and words[0] == "--base-dir":
        return DataPaths(Path(words[1]).expanduser().absolute()), background
    return None


def main() -> None:
    """Run the command line and leave with its exit status."""
    collect_seldom()
    try:
        if (plain := plain_tray(sys.argv[1:])) is not None:
            leave(_told(lambda: tray(*plain)))
        # Here and not above, so that Ctrl-C in the first second ends with a status and not with a traceback.
        from dreamer_app.cli.app import run  # noqa: PLC0415
        from dreamer_app.cli.programs import Programs  # noqa: PLC0415

        status = run(workshop, sys.argv[1:], Programs(serve=serve, mcp=mcp, tray=tray))
    except KeyboardInterrupt:
        status = STOPPED + signal.SIGINT
    leave(status)


if __name__ == "__main__":
    main()
