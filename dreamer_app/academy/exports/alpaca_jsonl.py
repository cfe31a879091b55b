"""Alpaca rows (`instruction`, `input`, `output`), which LLaMA-Factory, Axolotl and Unsloth read."""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamped


def rows(example: TrainingExample) -> Iterator[Row]:
    """One instruction; `input` stays empty, because a task is one text."""
    content = {"instruction": example.task, "input": "", "output": example.answer, "system": example.system}
    return stamped(content, example)


FORMAT = Format(
    name="alpaca",
    about="Instruction, input and output, for LLaMA-Factory, Axolotl and Unsloth.",
    file="dreams.alpaca.jsonl",
    rows=rows,
)
