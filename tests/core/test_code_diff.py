"""A difference says everything about both sides, and marks the words that differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.code_diff import RowKind, compare, text_of, unified

LINES = st.lists(
    st.sampled_from(["", "a = 1", "a = 2", "b = 1", "def f(x):", "def f(x, y):", "    return x"]), max_size=14
)


@given(LINES, LINES)
def test_applying_the_difference_gives_the_other_side(one: list[str], other: list[str]) -> None:
    left, right = "\n".join(one), "\n".join(other)
    diff = compare(left, right)
    for rows in (diff.rows, unified(diff)):
        assert text_of(rows, left=True) == left
        assert text_of(rows, left=False) == right
    for side in ("left", "right"):
        numbers = [getattr(row, side).number for row in diff.rows if getattr(row, side) is not None]
        assert numbers == list(range(1, len(numbers) + 1))


@given(LINES, LINES)
def test_marks_are_exactly_what_differs(one: list[str], other: list[str]) -> None:
    for row in compare("\n".join(one), "\n".join(other)).rows:
        if row.kind is RowKind.CHANGED:
            assert row.left is not None and row.right is not None and row.left.text != row.right.text
            rest = [_without(side.text, side.spans) for side in (row.left, row.right)]
            assert rest[0] == rest[1]
            assert row.left.spans or row.right.spans


@given(LINES, LINES)
def test_the_other_way_round_it_is_the_mirror(one: list[str], other: list[str]) -> None:
    there, back = compare("\n".join(one), "\n".join(other)), compare("\n".join(other), "\n".join(one))
    assert (there.added, there.removed) == (there.added, there.removed)
    assert bool(there.changes) == bool(back.changes) == (one != other and "\n".join(one) != "\n".join(other))


def test_like_stands_beside_like() -> None:
    diff = compare("def f(rows):\n    return rows", "import x\n\ndef f(rows, key):\n    return x.sort(rows)")
    assert [row.kind for row in diff.rows] == [RowKind.ADDED, RowKind.ADDED, RowKind.CHANGED, RowKind.CHANGED]
    changed = diff.rows[2]
    assert changed.right is not None and changed.right.text[slice(*changed.right.spans[0])] == ", key"


def test_context_keeps_what_is_near() -> None:
    left = "\n".join(str(n) for n in range(30))
    rows = unified(compare(left, left.replace("15", "fifteen")), context=2)
    assert [row.kind for row in rows] == [*[RowKind.SAME] * 2, RowKind.REMOVED, RowKind.ADDED, *[RowKind.SAME] * 2]


def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text
