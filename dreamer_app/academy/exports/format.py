"""What an export format is: rows in one file per split, or a folder of its own. It knows no particular format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dreamer_app.academy.training_example import Row, TrainingExample
from dreamer_app.store.records import GateCount

Rows = Callable[[TrainingExample], Iterator[Row]]


@dataclass(frozen=True)
class Background:
    """What a data card tells beside the rows.

    Attributes:
        funnel: Gate by gate, over all nights.
        nights: Nights begun.
        version: Of The Dreamer.
    """

    funnel: tuple[GateCount, ...] = ()
    nights: int = 0
    version: str = ""


@dataclass(frozen=True)
class Format:
    """One export format.

    Attributes:
        name: What a user types.
        about: A sentence with a full stop.
        file: Name of its file, or of its folder.
        rows: An example as rows; none when it does not fit the format.
        folder: Writes an empty folder instead of a file; it must put a stamp on all that it writes.
        table: The file is a table for spreadsheets and not JSON lines.
        rejected: Dreams that a person rejected belong in it.
        wrong: It needs wrong answers.
        gates: It tells which gates a dream passed.
    """

    name: str
    about: str
    file: str
    rows: Rows
    folder: Callable[[Iterable[TrainingExample], Path, Background], None] | None = None
    table: bool = False
    rejected: bool = False
    wrong: bool = False
    gates: bool = False
