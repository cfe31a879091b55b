"""Follows the settings file: what somebody edits by hand is in force within seconds, or it is said why it is not.

It must not write the file; what the window writes is in force already and changes nothing when it is read again.
"""

from __future__ import annotations

import asyncio
import logging

from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import load_settings
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.residency import Residency

_log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between looks; one look is one `stat`, and nobody saves a file and walks away sooner."""


class SettingsWatch:
    """Watches the settings file of one running program.

    Args:
        dreamer: Has the settings in force.
        residency: Takes new ones.
    """

    def __init__(self, dreamer: Dreamer, residency: Residency) -> None:
        self._dreamer = dreamer
        self._residency = residency
        self._seen = _mark(dreamer.paths)

    async def run(self, every: float = EVERY) -> None:
        """Look until cancelled.

        Args:
            every: Seconds between looks.
        """
        while True:
            await asyncio.sleep(every)
            self.look()

    def look(self) -> None:
        """Take the file in if it is another one than at the last look."""
        mark = _mark(self._dreamer.paths)
        if mark == self._seen:
            return
        self._seen = mark
        try:
            settings = load_settings(self._dreamer.paths.settings)
        except UsageError as error:
            self._residency.settings_problem = f"{error.title}: {error.message}"
            _log.warning("%s: %s", error.title, error.message)
            self._residency.look()
            return
        self._residency.settings_problem = ""
        if settings != self._dreamer.settings:
            _log.info("the settings file was edited")
        self._residency.apply(settings)


def _mark(paths: DataPaths) -> tuple[int, int, int] | None:
    """What tells one state of the file from another; None when there is no file."""
    try:
        found = paths.settings.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
