"""What every sensor has in common, and how small files of the kernel are read."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from dreamer_app.energy.reading import EnergyReading


class Sensor(Protocol):
    """Reads a part of the state of the computer. Used by one thread; a read may block or raise."""

    @property
    def name(self) -> str:
        """Short and unique, for diagnostics."""
        ...

    @property
    def closely(self) -> float:
        """Seconds between reads while dreaming."""
        ...

    @property
    def calmly(self) -> float | None:
        """Seconds between reads otherwise, None for not at all."""
        ...

    def read(self) -> EnergyReading:
        """What it knows now; everything else is None."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


def text(file: Path) -> str | None:
    """A small file's text without surrounding space, None when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


def number(file: Path) -> int | None:
    """A small file's number, None when there is none."""
    found = text(file)
    try:
        return None if found is None else int(found)
    except ValueError:
        return None


def folders(folder: Path) -> list[Path]:
    """What is in a folder, by name; nothing when it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
