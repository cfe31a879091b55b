"""Which split a dream belongs to, decided by its APIs alone, so that nothing a test task is about was ever trained on.

An API falls into a split by the digest of its name: the same in every export, whatever else is exported with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from functools import lru_cache

from dreamer_app.academy.training_example import Split

COMMONPLACE = 0.1
"""APIs that this share of all tasks need (an application's base class) are in every split; held back, they would take
everything with them."""
FEW = 20
"""Tasks below which nothing is called commonplace."""


class ApiSplits:
    """Splits of one export.

    Args:
        frequencies: In how many of its tasks each API is needed.
        tasks: How many tasks there are.
        held_out: Share of APIs in `validation` and in `test`, each.
    """

    def __init__(self, frequencies: Mapping[str, int], tasks: int, held_out: float = 0.05) -> None:
        limit = max(FEW, COMMONPLACE * tasks)
        self.commonplace = frozenset(name for name, n in frequencies.items() if n > limit)
        self._held_out = held_out

    def of(self, apis: Collection[str]) -> Split:
        """The split of a task that needs these APIs."""
        places = {self._place(name) for name in apis if name not in self.commonplace}
        if "test" in places:
            return "test"
        return "validation" if "validation" in places else "train"

    def _place(self, name: str) -> Split:
        lot = _lot(name)
        if lot < self._held_out:
            return "test"
        return "validation" if lot < 2 * self._held_out else "train"


@lru_cache(maxsize=4_096)
def _lot(name: str) -> float:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64
