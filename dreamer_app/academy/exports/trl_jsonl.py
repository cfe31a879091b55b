"""Prompt and completion as TRL's SFTTrainer takes them; its loss is then on the completion alone."""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamped


def rows(example: TrainingExample) -> Iterator[Row]:
    """One conversational prompt with its completion."""
    completion = [{"role": "assistant", "content": example.answer}]
    return stamped({"prompt": example.prompt, "completion": completion}, example)


FORMAT = Format(name="trl", about="Prompt and completion, for TRL's SFTTrainer.", file="dreams.trl.jsonl", rows=rows)
