"""Tasks with tests instead of answers, for reinforcement learning with verifiable rewards.

The reward is computed in a sealed worker by the `reward.py` that is written beside the rows; extra columns reach it.
The solution is not in the row, so that nothing can leak into the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.academy.exports.format import Format
from dreamer_app.academy.training_example import Row, TrainingExample, stamped


def rows(example: TrainingExample) -> Iterator[Row]:
    """One task with its tests and the exact environment that they need."""
    content = {
        "prompt": example.prompt,
        "tests": example.dream.tests,
        "requirements": list(example.dream.requirements),
    }
    return stamped(content, example)


FORMAT = Format(
    name="grpo",
    about="Tasks with tests and a reward function that runs in a sealed worker, for TRL's GRPOTrainer.",
    file="dreams.grpo.jsonl",
    rows=rows,
)
