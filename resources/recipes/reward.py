"""The reward of a completion: the share of a task's tests that its code passes, 1.0 when all do.

The code runs in The Dreamer's sealed workers: no network, no files of yours, and expected values never enter them.
Needs The Dreamer installed and its Docker engine running. Rows are synthetic: every line says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from dreamer_app.service.rewarding import Rewards


@cache
def _rewards() -> Rewards:
    """Made once; every call opens and removes its own workers."""
    return Rewards()


def reward(
    completions: list[Any], tests: list[str], libraries: list[list[dict[str, Any]]], **_columns: Any
) -> list[float]:
    """One reward per completion, as TRL's GRPOTrainer calls it with the columns of the rows."""
    texts = [one if isinstance(one, str) else one[-1]["content"] for one in completions]
    return _rewards().of(texts, tests, libraries)
