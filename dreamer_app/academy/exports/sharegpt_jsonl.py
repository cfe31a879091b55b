"""ShareGPT rows (`conversations` of `from` and `value`), which LLaMA-Factory and Unsloth read."""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamped


def rows(example: TrainingExample) -> Iterator[Row]:
    """One conversation. Human and model take turns, human first; LLaMA-Factory drops rows in another order."""
    turns = [{"from": "human", "value": example.task}, {"from": "gpt", "value": example.answer}]
    return stamped({"conversations": turns, "system": example.system}, example)


FORMAT = Format(
    name="sharegpt",
    about="Conversations of human and model, for LLaMA-Factory and Unsloth.",
    file="dreams.sharegpt.jsonl",
    rows=rows,
)
