"""What the resident program remembers from one start to the next: a pause must not undo itself by a restart."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from dreamer_app.core.atomic import write_file
from dreamer_app.core.types import Frozen

_log = logging.getLogger(__name__)


class Memory(Frozen):
    """What is remembered.

    Attributes:
        paused: Whether a person paused it.
        until: When the pause ends, None when only a person ends it.
        awake_at: When the program last ran; nights after it were slept through.
    """

    paused: bool = False
    until: datetime | None = None
    awake_at: datetime | None = None


def recall(file: Path) -> Memory:
    """What was remembered; nothing when the file is missing or damaged."""
    try:
        return Memory.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Memory()
    except (OSError, ValidationError) as error:
        _log.warning("%s cannot be read and is made anew: %s", file, error)
        return Memory()


def remember(file: Path, memory: Memory) -> None:
    """Write it down. What cannot be written is forgotten with a warning: no night must fail for it."""
    try:
        write_file(file, [memory.model_dump_json()])
    except OSError as error:
        _log.warning("%s cannot be written: %s", file, error)
