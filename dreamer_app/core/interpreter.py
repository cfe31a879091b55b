"""The interpreter's own doings that a night would feel: a fault of its parser, and its garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TRIES = 8

COLLECT_AFTER = (5_000, 10, 50)
"""Allocations between two collections of the young, and how many of these before the middle-aged and before all."""


def steady(work: Callable[[], T]) -> T:
    """Do something that parses; again when the interpreter raises SystemError.

    Python before 3.11.5 counts the depth of syntax trees for all threads together, so that two of them that parse at
    the same moment may see "AST constructor recursion depth mismatch" (cpython issue 106905).
    """
    for _ in range(TRIES - 1):
        try:
            return work()
        except SystemError:
            continue
    return work()


def collect_seldom() -> None:
    """Look for garbage in cycles less often, which is a matter of the whole program.

    With Python's own thresholds a night with a model was stopped 24 times in a minute for 0.1 to 0.4 s each, a fifth
    of its processor time, since every proof's reports make the heap grow and shrink; with these, not once. What is not
    in a cycle is freed at once as ever.
    """
    gc.set_threshold(*COLLECT_AFTER)
