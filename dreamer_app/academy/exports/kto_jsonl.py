"""Single answers with a thumb up or down: a person's word about each dream, and nobody else's.

What nobody has looked at has no label and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamped
from dreamer_app.core.types import Review


def rows(example: TrainingExample) -> Iterator[Row]:
    """One labelled answer, or none."""
    if example.dream.review is not Review.PENDING:
        content = {
            "prompt": example.prompt,
            "completion": [{"role": "assistant", "content": example.answer}],
            "label": example.dream.review is Review.APPROVED,
        }
        yield from stamped(content, example)


FORMAT = Format(
    name="kto",
    about="Answers with your word about them, for TRL's KTOTrainer.",
    file="dreams.kto.jsonl",
    rows=rows,
    rejected=True,
)
