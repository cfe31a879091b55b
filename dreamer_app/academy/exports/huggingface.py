"""A folder that `datasets.load_dataset` reads: a file per split, and a card that says how the rows came to be.

Parquet where pyarrow is installed (`pip install dreamer-app[parquet]`), JSON lines otherwise; the card names whichever
it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from dreamer_app.academy.exports.dataset_card import CardFigures, card
from dreamer_app.academy.exports.format import Background, Format
from dreamer_app.academy.training_example import SPLITS, Row, TrainingExample, json_line, stamped

BATCH = 1_000
"""Rows in memory at a time; a row group of the file."""

Writer = Callable[[bytes], object]
"""Takes rows as JSON lines."""


def rows(example: TrainingExample) -> Iterator[Row]:
    """One row of plain columns."""
    dream = example.dream
    content = {
        "title": dream.title,
        "prompt": example.task,
        "completion": example.answer,
        "solution": dream.solution,
        "tests": dream.tests,
        "requirements": list(dream.requirements),
        "difficulty": dream.difficulty,
        "naturalness": dream.naturalness,
    }
    return stamped(content, example)


def write(examples: Iterable[TrainingExample], folder: Path, background: Background) -> None:
    """Write the data set into an empty folder.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    figures = CardFigures()
    (folder / "data").mkdir()
    opened = _parquet if _has_parquet() else _lines
    ending = "parquet" if opened is _parquet else "jsonl"
    with ExitStack() as open_files:
        writers: dict[str, Writer] = {}
        stream = iter(examples)
        while batch := list(islice(stream, BATCH)):
            for split in SPLITS:
                part = b"".join(json_line(row) for example in batch if example.split == split for row in rows(example))
                if part and split not in writers:
                    path = folder / "data" / f"{split}-00000-of-00001.{ending}"
                    columns = tuple(next(rows(batch[0])))
                    writers[split] = open_files.enter_context(opened(path, columns))
                if part:
                    writers[split](part)
            for example in batch:
                figures.count(example)
    (folder / "README.md").write_text(card(figures, background, ending), encoding="utf-8", newline="\n")


def _has_parquet() -> bool:
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 -- an optional extra
    except ImportError:
        return False
    return True


@contextmanager
def _parquet(path: Path, columns: Sequence[str]) -> Iterator[Writer]:
    """Reads the lines as JSON, which takes a third of what making columns of Python's values does, and no pandas."""
    import pyarrow  # noqa: PLC0415 -- an optional extra, as above
    import pyarrow.json  # noqa: PLC0415 -- the same
    import pyarrow.parquet  # noqa: PLC0415 -- the same

    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    kinds: dict[str, Any] = {
        "synthetic": pyarrow.bool_(),
        "difficulty": pyarrow.float64(),
        "naturalness": pyarrow.float64(),
        "requirements": texts,
        "uses_api": texts,
        "libraries": pyarrow.list_(pyarrow.struct({"name": text, "version": text, "license": text})),
    }
    schema = pyarrow.schema({name: kinds.get(name, text) for name in columns})
    as_declared = pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:

        def append(lines: bytes) -> None:
            whole = pyarrow.json.ReadOptions(block_size=len(lines), use_threads=False)
            table = pyarrow.json.read_json(pyarrow.BufferReader(lines), read_options=whole, parse_options=as_declared)
            writer.write_table(table)

        yield append


@contextmanager
def _lines(path: Path, _columns: Sequence[str]) -> Iterator[Writer]:
    with path.open("wb") as file:
        yield file.write


FORMAT = Format(
    name="huggingface",
    about="A data set folder with a card, for `datasets.load_dataset`.",
    file="huggingface",
    rows=rows,
    folder=write,
    gates=True,
)
