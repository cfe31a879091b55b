"""DatasetCurator: turns dreams into training files, one dream at a time, the same dreams giving the same bytes.

It chooses and splits, and leaves the shape of a row to `exports`. It never writes a dream that is not verified, and one
that a person rejected only where that is the point of the format. Nothing is written but what it was asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import Protocol

from dreamer_app.academy.exports import table
from dreamer_app.academy.exports.format import Background, Format
from dreamer_app.academy.exports.formats import FORMATS
from dreamer_app.academy.overlap import OverlapReport, OverlapWatch
from dreamer_app.academy.recipes import write_recipes
from dreamer_app.academy.selection import ExportOrder, Outline, Selection
from dreamer_app.academy.splits import ApiSplits
from dreamer_app.academy.training_example import Row, Split, TrainingExample, WrongAnswer, json_line
from dreamer_app.academy.whole_files import Opener, whole_files, whole_folder
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Frozen, Review
from dreamer_app.store.proven_task import ProvenTask

PAGE = 500
"""Dreams that are asked about at a time."""


class DreamSource(Protocol):
    """Verified dreams in the order of their identifiers, as often as asked for."""

    def outlines(self, *, licenses: bool) -> Iterator[Outline]:
        """What decides whether each is taken; its libraries have their licences when these are asked for."""
        ...

    def tasks(self, *, gates: bool = False, after: str = "") -> Iterator[ProvenTask]:
        """Each of them, from behind an identifier on; which gates it passed is told when it is asked for."""
        ...

    def wrong(self, dreams: Sequence[ProvenTask]) -> Sequence[WrongAnswer | None]:
        """For each a plausible solution that its tests reject, if one is known."""
        ...


class ExportReport(Frozen):
    """What one export wrote.

    Attributes:
        format: Its name.
        file: Path of its first file, or of its folder.
        files: Everything that was written.
        dreams: Dreams in it.
        rows: Rows or sections written.
        approved: Dreams in it that a person approved.
        rejected: Dreams left out because a person rejected them.
        left_out: Dreams that were not taken, by reason.
        splits: Dreams by split.
        commonplace: APIs that so many dreams need that they are in every split.
        overlap: What is alike.
    """

    format: str
    file: str
    files: tuple[str, ...]
    dreams: int
    rows: int
    approved: int
    rejected: int
    left_out: dict[str, int]
    splits: dict[Split, int]
    commonplace: tuple[str, ...]
    overlap: OverlapReport


@dataclass
class _Count:
    """What went by."""

    splits: Counter[Split]
    approved: int = 0
    rows: int = 0


class DatasetCurator:
    """Writes training files.

    Args:
        background: What a data card tells beside the rows.
    """

    def __init__(self, background: Background | None = None) -> None:
        self._background = background or Background()

    @staticmethod
    def formats() -> tuple[str, ...]:
        """Names of all formats."""
        return tuple(FORMATS)

    def export(
        self,
        source: DreamSource,
        order: ExportOrder,
        out: Path,
        *,
        held_out: Iterable[Path] = (),
        told: Callable[[int], None] = lambda _: None,
    ) -> ExportReport:
        """Write one format; what was there before is replaced only once the new files are complete.

        Args:
            source: The dreams.
            order: Which of them, as what.
            out: Folder, made when it is missing.
            held_out: Text files that the solutions are compared with, e.g. an evaluation set.
            told: Hears now and then how many dreams were written.

        Raises:
            UsageError: There is no such format.
            OSError: The disk is full or a file cannot be read or written.
        """
        chosen = _format(order.format)
        selection = Selection(order, rejected=chosen.rejected)
        taken, frequencies = _plan(source, selection)
        splits = ApiSplits(frequencies, len(taken))
        watch, count = OverlapWatch(held_out), _Count(Counter())

        def examples() -> Iterator[TrainingExample]:
            for dream, wrong in _with_wrong(source, chosen, taken):
                split = splits.of(dream.apis)
                example = TrainingExample(dream, split, wrong)
                watch.look(example)
                count.splits[split] += 1
                count.approved += dream.review is Review.APPROVED
                if count.splits.total() % 1_000 == 0:
                    told(count.splits.total())
                yield example

        if chosen.folder is None:
            files = _write(chosen, examples(), count, order, out)
        else:
            files = (str(out / chosen.file),)
            with whole_folder(out / chosen.file) as folder:
                chosen.folder(examples(), folder, self._background)
        return ExportReport(
            format=chosen.name,
            file=files[0],
            files=files,
            dreams=count.splits.total(),
            rows=count.rows or count.splits.total(),
            approved=count.approved,
            rejected=selection.left_out["rejected by you"],
            left_out=dict(sorted(selection.left_out.items())),
            splits=dict(count.splits),
            commonplace=tuple(sorted(splits.commonplace)),
            overlap=watch.report(),
        )


def _format(name: str) -> Format:
    if name not in FORMATS:
        known = "; ".join(f"{one.name}: {one.about}" for one in FORMATS.values())
        raise UsageError("There is no such export format", f"{name!r}", known)
    return FORMATS[name]


class _Taken:
    """Identifiers in their order, eight bytes each: they are digests of 16 hexadecimal digits."""

    def __init__(self) -> None:
        self._numbers = array("Q")

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, identifier: str) -> None:
        """One that comes after all others."""
        self._numbers.append(int(identifier, 16))

    def has(self, identifier: str) -> bool:
        """Whether it was added."""
        number = int(identifier, 16)
        place = bisect_left(self._numbers, number)
        return place < len(self._numbers) and self._numbers[place] == number


def _plan(source: DreamSource, selection: Selection) -> tuple[_Taken, Counter[str]]:
    """The identifiers that are taken, and how often each API occurs among them."""
    frequencies: Counter[str] = Counter()
    taken = _Taken()
    for outline in source.outlines(licenses=bool(selection.order.licenses)):
        if selection.takes(outline):
            taken.add(outline.id)
            frequencies.update(outline.apis)
    return taken, frequencies


def _with_wrong(source: DreamSource, chosen: Format, taken: _Taken) -> Iterator[tuple[ProvenTask, WrongAnswer | None]]:
    """What is taken, with wrong answers where the format needs them; these are asked for many at a time."""
    dreams = (dream for dream in source.tasks(gates=chosen.gates) if taken.has(dream.id))
    while page := list(islice(dreams, PAGE)):
        yield from zip(page, source.wrong(page) if chosen.wrong else repeat(None), strict=False)


def _write(
    chosen: Format, examples: Iterator[TrainingExample], count: _Count, order: ExportOrder, out: Path
) -> tuple[str, ...]:
    with whole_files(out) as open_file:
        names = dict.fromkeys([file_name(chosen, "train" if order.training else None)])
        for name in names:
            open_file(name)
        for example in examples:
            name = file_name(chosen, example.split if order.training else None)
            names[name] = None
            for row in chosen.rows(example):
                _write_row(chosen, row, name, open_file)
                count.rows += 1
        if order.training or chosen.name == "grpo":
            names |= dict.fromkeys(write_recipes(chosen.name, tuple(names), order, open_file))
    return tuple(str(out / name) for name in names)


def _write_row(chosen: Format, row: Row, name: str, open_file: Opener) -> None:
    file = open_file(name)
    if not chosen.table:
        file.write(json_line(row))
        return
    if file.tell() == 0:
        file.write(table.line(tuple(row)))
    file.write(table.line(tuple(row.values())))


def file_name(chosen: Format, split: Split | None) -> str:
    """The name of a format's file, or of that of one split."""
    if split is None:
        return chosen.file
    stem, _, ending = chosen.file.rpartition(".")
    return f"{stem}.{split}.{ending}"
