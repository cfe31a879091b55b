"""Steadies work that a fault of the interpreter itself may spoil."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TRIES = 8


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
