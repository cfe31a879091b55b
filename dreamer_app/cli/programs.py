"""Programs that stay, which only the composition root can put together; the command line starts them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.core.paths import DataPaths
from dreamer_app.service.running import Address


@dataclass(frozen=True)
class Programs:
    """What can be started.

    Attributes:
        serve: The resident program with its API and without a desktop, until somebody ends it. Says once where it
            listens and why other programs cannot connect although they should.
        mcp: Answers a coding agent over standard input and output.
        tray: The tray application over a base folder, with or without a window at first; its exit status.
    """

    serve: Callable[[DataPaths, Callable[[Address, str], None]], None]
    mcp: Callable[[DataPaths], None]
    tray: Callable[[DataPaths, bool], int]
