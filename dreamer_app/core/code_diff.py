"""The difference of two texts as rows: which lines stand beside each other, and which words in them differ.

Qt-free, so that what a person sees as a difference is tested as a value. The rows say everything about both sides: the
left texts joined are the left text, the right ones the right text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_ALIKE = 0.35
"""From this ratio on two lines are one that was changed; below it, one was removed and another added."""
LONGEST_MARKED = 400
"""Characters of a line whose words are compared; a longer one is marked whole."""
MANY_LINES = 60
"""Lines of one changed block that are paired by likeness; larger blocks are paired in order, which costs nothing."""


class RowKind(StrEnum):
    """What a row is."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


Span = tuple[int, int]
"""First and last-but-one character of a part of a line that differs."""


@dataclass(frozen=True)
class Side:
    """One line of one text.

    Attributes:
        number: Counted from 1.
        text: Without its line break.
        spans: What differs from the other side, only for changed lines.
    """

    number: int
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a side-by-side view.

    Attributes:
        kind: What it is.
        left: None for an added line.
        right: None for a removed line.
    """

    kind: RowKind
    left: Side | None
    right: Side | None


@dataclass(frozen=True)
class Diff:
    """All rows.

    Attributes:
        rows: In order.
        changes: Rows at which a run of differences begins.
        added: Lines that the right side has more or otherwise.
        removed: Lines that the left side has more or otherwise.
    """

    rows: tuple[Row, ...]
    changes: tuple[int, ...]
    added: int
    removed: int


def compare(left: str, right: str) -> Diff:
    """The difference of two texts, line by line."""
    a, b = left.split("\n"), right.split("\n")
    rows: list[Row] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row(RowKind.SAME, Side(i + n + 1, a[i + n]), Side(k + n + 1, b[k + n])) for n in range(j - i)]
        else:
            rows += _block(a, b, (i, j), (k, m))
    starts = [
        n for n, row in enumerate(rows) if row.kind is not RowKind.SAME and (n == 0 or rows[n - 1].kind is RowKind.SAME)
    ]
    return Diff(
        rows=tuple(rows),
        changes=tuple(starts),
        added=sum(row.kind in {RowKind.ADDED, RowKind.CHANGED} for row in rows),
        removed=sum(row.kind in {RowKind.REMOVED, RowKind.CHANGED} for row in rows),
    )


def unified(diff: Diff, context: int | None = None) -> tuple[Row, ...]:
    """The rows of a view in one column: within a run of differences the removed lines stand above the added ones.

    Args:
        diff: What to show.
        context: Equal lines kept around each difference; None keeps them all.
    """
    rows: list[Row] = []
    removed: list[Row] = []
    added: list[Row] = []
    for row in diff.rows:
        if row.kind is RowKind.SAME:
            rows += removed + added
            removed, added = [], []
            rows.append(row)
            continue
        if row.left is not None:
            removed.append(Row(RowKind.REMOVED, row.left, None))
        if row.right is not None:
            added.append(Row(RowKind.ADDED, None, row.right))
    rows += removed + added
    return tuple(rows) if context is None else tuple(_near(rows, context))


def text_of(rows: Sequence[Row], *, left: bool) -> str:
    """One side put together again from its rows."""
    sides = (row.left if left else row.right for row in rows)
    return "\n".join(side.text for side in sides if side is not None)


def _near(rows: Sequence[Row], context: int) -> Iterator[Row]:
    differing = [n for n, row in enumerate(rows) if row.kind is not RowKind.SAME]
    wanted = {m for n in differing for m in range(n - context, n + context + 1)}
    return (row for n, row in enumerate(rows) if n in wanted)


def _block(a: Sequence[str], b: Sequence[str], left: Span, right: Span) -> Iterator[Row]:
    """Pair the lines of a block that differs so that like stands beside like, in order."""
    i, k = left[0], right[0]
    for down, across in _pairs(a[left[0] : left[1]], b[right[0] : right[1]]):
        x, y = down + left[0], across + right[0]
        yield from (Row(RowKind.REMOVED, Side(n + 1, a[n]), None) for n in range(i, x))
        yield from (Row(RowKind.ADDED, None, Side(n + 1, b[n])) for n in range(k, y))
        marks, marked = _spans(a[x], b[y])
        yield Row(RowKind.CHANGED, Side(x + 1, a[x], marks), Side(y + 1, b[y], marked))
        i, k = x + 1, y + 1
    yield from (Row(RowKind.REMOVED, Side(n + 1, a[n]), None) for n in range(i, left[1]))
    yield from (Row(RowKind.ADDED, None, Side(n + 1, b[n])) for n in range(k, right[1]))


def _pairs(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The pairing of greatest summed likeness that crosses no other pair (as in the alignment of sequences)."""
    if len(a) > MANY_LINES or len(b) > MANY_LINES:
        return [(n, n) for n in range(min(len(a), len(b))) if _likeness(a[n], b[n]) >= _ALIKE]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    alike = [[_likeness(x, y) for y in b] for x in a]
    for i in reversed(range(len(a))):
        for k in reversed(range(len(b))):
            paired = alike[i][k] + best[i + 1][k + 1] if alike[i][k] >= _ALIKE else 0.0
            best[i][k] = max(paired, best[i + 1][k], best[i][k + 1])
    found, i, k = [], 0, 0
    while i < len(a) and k < len(b):
        if alike[i][k] >= _ALIKE and best[i][k] == alike[i][k] + best[i + 1][k + 1]:
            found.append((i, k))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1
    return found


def _likeness(x: str, y: str) -> float:
    if not x.strip() or not y.strip():
        return 0.0
    matcher = SequenceMatcher(None, x, y, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0


def _spans(x: str, y: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Which words differ."""
    if len(x) > LONGEST_MARKED or len(y) > LONGEST_MARKED:
        return ((0, len(x)),), ((0, len(y)),)
    a, b = _WORD.findall(x), _WORD.findall(y)
    left: list[Span] = []
    right: list[Span] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            _extend(left, len("".join(a[:i])), len("".join(a[:j])))
            _extend(right, len("".join(b[:k])), len("".join(b[:m])))
    return tuple(left), tuple(right)


def _extend(spans: list[Span], start: int, end: int) -> None:
    if start < end:
        spans.append((start, end))
