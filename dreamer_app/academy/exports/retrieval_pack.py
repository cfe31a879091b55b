"""Examples to be put in front of a model as they are: a page per library and the same as JSON lines.

Of use without any training: most of what documentation gives a model comes from example code.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from dreamer_app.academy.exports.format import Background, Format
from dreamer_app.academy.exports.trl_jsonl import rows
from dreamer_app.academy.training_example import Row, TrainingExample, fenced, json_line, stamp, stamp_line

LINES = "lessons.jsonl"


def write(examples: Iterable[TrainingExample], folder: Path, _background: Background) -> None:
    """Write the pack into an empty folder.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    with ExitStack() as open_files:
        lines = open_files.enter_context((folder / LINES).open("wb"))
        pages: dict[str, BinaryIO] = {}
        for example in examples:
            lines.write(json_line(_entry(example)))
            section = _section(example).encode()
            for pin in example.dream.libraries:
                page = pages.get(pin.name)
                if page is None:
                    path = folder / f"{pin.name}.md"
                    page = open_files.enter_context(path.open("wb"))
                    page.write(f"<!-- synthetic: true -->\n# Proven examples for {pin.name}\n".encode())
                    pages[pin.name] = page
                page.write(section)


def _entry(example: TrainingExample) -> Row:
    dream = example.dream
    return {
        "title": dream.title,
        "text": f"{dream.title}\n\n{example.task}",
        "code": dream.solution.strip(),
        "tests": dream.tests.strip(),
        "quotes": list(dream.quotes),
        **stamp(example),
    }


def _section(example: TrainingExample) -> str:
    dream = example.dream
    return f"\n## {dream.title}\n\n<!-- {stamp_line(example)} -->\n\n{example.task}\n\n{fenced(dream.solution)}\n"


FORMAT = Format(
    name="retrieval",
    about="Markdown and JSON lines to put in front of a model, without training.",
    file="retrieval",
    rows=rows,
    folder=write,
)
