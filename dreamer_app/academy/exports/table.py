"""A table for spreadsheets, to look through dreams and not to train on. No cell of it is ever a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamp

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these is run by some spreadsheet program (OWASP, CSV injection)."""
_LONGEST = 32_000
"""Characters that every spreadsheet program keeps in a cell."""


def rows(example: TrainingExample) -> Iterator[Row]:
    """One line of plain cells."""
    mark = stamp(example)
    pins = mark.pop("libraries")
    yield {
        "synthetic": "true",
        "dream_id": mark["dream_id"],
        "title": example.dream.title,
        "libraries": ", ".join(f"{pin['name']} {pin['version']}" for pin in pins),
        "licenses": ", ".join(dict.fromkeys(pin["license"] or "not stated" for pin in pins)),
        "origin": mark["origin"],
        "tier": mark["tier"],
        "review": mark["review"],
        "split": mark["split"],
        "uses_api": ", ".join(mark["uses_api"]),
        "task": example.task,
        "solution": example.dream.solution.strip(),
    }


def line(cells: Sequence[object]) -> bytes:
    """Cells as one line of CSV in UTF-8 (RFC 4180); the standard library's writer takes ten times as long."""
    return (",".join([_quoted(safe(str(cell))) for cell in cells]) + "\n").encode()


def _quoted(cell: str) -> str:
    if '"' in cell or "," in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def safe(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula: what could be one is marked as text."""
    short = cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…"
    return f"'{short}" if short.startswith(_FORMULA) else short


FORMAT = Format(name="table", about="One line a dream, for spreadsheets.", file="dreams.csv", rows=rows, table=True)
