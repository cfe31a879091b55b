"""The dream folders: `synthetic_training/dream_<id>/`, written atomically and read back whole.

A folder can be checked by anybody with plain pytest. Only verified dreams get one, every document says
`synthetic: true`, and a folder that is damaged is refused with the reason, never half read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from dreamer_app.academy.record_schema import (
    DOCUMENT,
    REQUIREMENTS,
    SOLUTION,
    TESTS,
    DreamRecord,
    digest,
    ordered,
    texts,
    to_dream,
    to_record,
)
from dreamer_app.core.atomic import replace_folder, write_file, write_folder
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.types import Dream, Review

PREFIX = "dream_"
LARGEST_FILE = 4_000_000
"""Bytes; a dream's largest file has some tens of thousands, so that more is not one of ours."""


class RecordError(DreamerError):
    """A dream folder cannot be trusted or read."""


def folder_of(dreams: Path, dream_id: str) -> Path:
    """Where a dream lives below the folder of all dreams."""
    return dreams / f"{PREFIX}{dream_id}"


def folders(dreams: Path) -> Iterator[Path]:
    """Every dream folder, by name."""
    if dreams.is_dir():
        yield from sorted(path for path in dreams.glob(f"{PREFIX}*") if path.is_dir())


def write_record(dreams: Path, dream: Dream) -> Path:
    """Write a verified dream's folder; one that is there already is left as it is.

    Args:
        dreams: The folder of all dreams (`DataPaths.dreams`).
        dream: What to write.

    Raises:
        ValueError: The dream is not verified, or its scenario does not have its identifier.
        OSError: The disk is full or the place cannot be written; nothing is left behind.
    """
    if dream.id != dream.scenario.id:
        raise ValueError(f"dream {dream.id} holds the scenario {dream.scenario.id}")
    target = folder_of(dreams, dream.id)
    write_folder(target, texts(dream) | {DOCUMENT: _document(to_record(dream))})
    return target


def write_review(dreams: Path, dream_id: str, review: Review) -> None:
    """Bring the `review` of a dream's document up to date.

    Raises:
        RecordError: The folder is missing or damaged.
        OSError: It cannot be written.
    """
    folder = folder_of(dreams, dream_id)
    record = _read_document(folder)
    if record.review is not review:
        write_file(folder / DOCUMENT, [_document(record.model_copy(update={"review": review}))])


def bring_up_to_date(dreams: Path, dream: Dream) -> None:
    """Make a dream's folder say what the journal says: the review, and the solution when a person's own took its place.

    Raises:
        RecordError: The folder is missing or damaged.
        OSError: It cannot be written.
    """
    folder = folder_of(dreams, dream.id)
    wanted = texts(dream)
    if _read_document(folder).files[SOLUTION] == digest(wanted[SOLUTION]):
        write_review(dreams, dream.id, dream.review)
    else:
        replace_folder(folder, wanted | {DOCUMENT: _document(to_record(dream))})


def read_record(folder: Path, *, allow_changes: bool = False) -> Dream:
    """Read a dream back from its folder.

    Args:
        folder: The dream's folder.
        allow_changes: Also take files that were edited after they were verified, for proving them again.

    Raises:
        RecordError: A file is missing, unreadable, not ours, or was changed; the message says which and how.
    """
    record = _read_document(folder)
    if folder.name != f"{PREFIX}{record.dream_id}":
        raise _broken(folder, f"{DOCUMENT} belongs to dream {record.dream_id}")
    found = {name: _read_text(folder, name) for name in (SOLUTION, TESTS, REQUIREMENTS)}
    changed = [name for name, text in found.items() if record.files.get(name) != digest(text)]
    if changed and not allow_changes:
        raise _broken(folder, f"{' and '.join(changed)} changed after verification")
    dream = to_dream(record, found[SOLUTION], found[TESTS], tuple(found[REQUIREMENTS].split()))
    return _with_original_tests(folder, dream)


def changed_files(folder: Path) -> tuple[str, ...]:
    """Names of the files that are not as they were when the dream was verified.

    Raises:
        RecordError: The document cannot be read.
    """
    record = _read_document(folder)
    return tuple(name for name, wanted in record.files.items() if digest(_read_text(folder, name)) != wanted)


def _with_original_tests(folder: Path, dream: Dream) -> Dream:
    # A text without a final newline got one on the disk; the identifier tells which it was.
    for tests in (dream.scenario.tests, dream.scenario.tests.removesuffix("\n")):
        scenario = dream.scenario.model_copy(update={"tests": tests})
        if scenario.id == dream.id:
            return dream.model_copy(update={"scenario": scenario})
    raise _broken(folder, f"what {DOCUMENT} and {TESTS} ask for is not what dream {dream.id} asked for")


def _document(record: DreamRecord) -> str:
    return json.dumps(ordered(record), indent=2, ensure_ascii=False) + "\n"


def _read_document(folder: Path) -> DreamRecord:
    text = _read_text(folder, DOCUMENT)
    try:
        return DreamRecord.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole document"
        raise _broken(folder, f"{DOCUMENT}: {place}: {first['msg']}") from error


def _read_text(folder: Path, name: str) -> str:
    path = folder / name
    try:
        if path.is_symlink() or not path.is_file():
            raise _broken(folder, f"{name} is missing")
        if path.stat().st_size > LARGEST_FILE:
            raise _broken(folder, f"{name} is larger than {LARGEST_FILE} bytes")
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(folder, f"{name}: {error}") from error


def _broken(folder: Path, reason: str) -> RecordError:
    return RecordError(
        "A dream folder is damaged",
        f"{folder}: {reason}",
        "Restore the folder from a backup, or move it away; it is not counted as a dream meanwhile.",
    )
