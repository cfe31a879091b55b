"""What the desktop remembers between starts: which things were said once already. No settings; nothing of weight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from dreamer_app.core.frozen import Frozen
from dreamer_app.core.private_file import write_private


class Remembered(Frozen):
    """The memory's content.

    Attributes:
        wizard_done: The first steps were taken or skipped.
        told_background: It was said that closing the window leaves it running.
        announced_night: The night whose summary was shown last.
        problems: When a problem was last shown, by its reason; UTC.
    """

    wizard_done: bool = False
    told_background: bool = False
    announced_night: str = ""
    problems: Mapping[str, datetime] = {}


class Memory:
    """Keeps it in a file; a lost or broken file means that things are said again.

    Args:
        file: Where.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> Remembered:
        """What is remembered."""
        try:
            return Remembered.model_validate_json(self._file.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return Remembered()

    def note(self, **changes: object) -> None:
        """Remember something from now on; a full disk forgets it."""
        changed = Remembered.model_validate({**self.read().model_dump(), **changes})
        try:
            write_private(self._file, changed.model_dump_json())
        except OSError:
            return
