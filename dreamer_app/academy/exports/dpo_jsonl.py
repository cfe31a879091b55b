"""Preference pairs: the proven solution against a plausible one that the same tests reject.

Dreams of which no such answer is known are left out; nothing is made up.
"""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, fenced, stamped


def rows(example: TrainingExample) -> Iterator[Row]:
    """One pair, or none."""
    if example.wrong is not None:
        content = {
            "prompt": example.prompt,
            "chosen": [{"role": "assistant", "content": fenced(example.wrong.right)}],
            "rejected": [{"role": "assistant", "content": fenced(example.wrong.solution)}],
            "rejected_kind": example.wrong.kind,
            "rejected_because": example.wrong.reason,
        }
        yield from stamped(content, example)


FORMAT = Format(
    name="dpo",
    about="Pairs of a proven and a rejected solution, for TRL's DPOTrainer and LLaMA-Factory.",
    file="dreams.dpo.jsonl",
    rows=rows,
    wrong=True,
)
