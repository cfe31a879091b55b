"""What an export would write, told before anything is written: how many dreams, and the first record."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from dreamer_app.academy.dataset_curator import DatasetCurator, DreamSource
from dreamer_app.academy.selection import ExportOrder, Outline, Selection
from dreamer_app.academy.training_example import WrongAnswer
from dreamer_app.core.types import Frozen
from dreamer_app.store.proven_task import ProvenTask

LONGEST = 4_000
"""Characters of a record that are shown."""


class ExportPreview(Frozen):
    """An export to come.

    Attributes:
        dreams: How many dreams it takes.
        record: The first record, indented where it is JSON; empty when there is none or it is no text.
    """

    dreams: int
    record: str


class _First:
    """The first dream that an order takes, as if there were no other."""

    def __init__(self, source: DreamSource, taken: Outline) -> None:
        self._source, self._taken = source, taken

    def outlines(self, *, licenses: bool) -> Iterator[Outline]:  # noqa: ARG002 -- it was chosen already
        """That one."""
        yield self._taken

    def tasks(self, *, gates: bool = False, after: str = "") -> Iterator[ProvenTask]:
        """That one."""
        behind = max(after, f"{int(self._taken.id, 16) - 1:016x}")
        yield from (one for one in islice(self._source.tasks(gates=gates, after=behind), 1) if one.id == self._taken.id)

    def wrong(self, dreams: Sequence[ProvenTask]) -> Sequence[WrongAnswer | None]:
        """As for every dream."""
        return self._source.wrong(dreams)


def preview(source: DreamSource, order: ExportOrder) -> ExportPreview:
    """Look ahead; blocking.

    Raises:
        UsageError: There is no such format.
        OSError: There is no room for one record.
    """
    selection = Selection(order)
    taken = [outline for outline in source.outlines(licenses=bool(order.licenses)) if selection.takes(outline)]
    if not taken:
        return ExportPreview(dreams=0, record="")
    with tempfile.TemporaryDirectory(prefix="dreamer-preview-") as folder:
        report = DatasetCurator().export(_First(source, taken[0]), order, Path(folder))
        return ExportPreview(dreams=len(taken), record=_first_record(Path(report.file)))


def _first_record(file: Path) -> str:
    if not file.is_file():
        return ""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
    line = text.partition("\n")[0]
    try:
        return json.dumps(json.loads(line), indent=2, ensure_ascii=False)[:LONGEST]
    except ValueError:
        return text[:LONGEST]
