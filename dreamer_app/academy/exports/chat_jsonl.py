"""Chat lines (`messages`) as OpenAI-style fine-tuning and most tools read them."""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamped


def rows(example: TrainingExample) -> Iterator[Row]:
    """One conversation."""
    return stamped({"messages": [*example.prompt, {"role": "assistant", "content": example.answer}]}, example)


FORMAT = Format(name="chat", about="Chat messages, for OpenAI-style fine-tuning.", file="dreams.chat.jsonl", rows=rows)
