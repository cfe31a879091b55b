"""DatasetCurator: turns dreams into training files, one dream at a time, the same dreams giving the same bytes.

It chooses by review and library, and leaves the shape of a line to `exports`. It never writes a dream that a person
rejected, nor one that is not verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dreamer_app.academy.exports import chat_jsonl
from dreamer_app.core.atomic import write_file
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Dream, DreamState, Frozen, Review

_FORMATS: dict[str, tuple[str, Callable[[Dream], str]]] = {chat_jsonl.NAME: (chat_jsonl.FILE, chat_jsonl.line)}


class ExportReport(Frozen):
    """What one export wrote.

    Attributes:
        format: Its name.
        file: Path of the file.
        dreams: Lines written.
        approved: Lines whose dream a person approved.
        rejected: Dreams left out because a person rejected them.
    """

    format: str
    file: str
    dreams: int
    approved: int
    rejected: int


class DatasetCurator:
    """Writes training files."""

    @staticmethod
    def formats() -> tuple[str, ...]:
        """Names of all formats."""
        return tuple(sorted(_FORMATS))

    def export(
        self, dreams: Iterable[Dream], format_name: str, out: Path, *, approved_only: bool = False
    ) -> ExportReport:
        """Write one file; a file of the same name is replaced only once the new one is complete.

        Args:
            dreams: In the order in which they shall be written; read one at a time.
            format_name: One of `formats()`.
            out: Folder, made when it is missing.
            approved_only: Leave out what nobody has looked at.

        Raises:
            UsageError: There is no such format.
            OSError: The disk is full or the folder cannot be written.
        """
        if format_name not in _FORMATS:
            raise UsageError(
                "There is no such export format", f"{format_name!r}", f"Formats: {', '.join(self.formats())}."
            )
        name, line = _FORMATS[format_name]
        counts = dict.fromkeys(Review, 0)

        def lines() -> Iterator[str]:
            for dream in dreams:
                if dream.state is not DreamState.VERIFIED or (approved_only and dream.review is Review.PENDING):
                    continue
                counts[dream.review] += 1
                if dream.review is not Review.REJECTED:
                    yield line(dream)

        write_file(out / name, lines())
        return ExportReport(
            format=format_name,
            file=str(out / name),
            dreams=counts[Review.APPROVED] + counts[Review.PENDING],
            approved=counts[Review.APPROVED],
            rejected=counts[Review.REJECTED],
        )
