"""Both halves together are the whole suite, and their closing line hides nothing."""

from __future__ import annotations

from collections import Counter

from tests.__main__ import HERE, closing_line, counted, halves


def test_every_room_is_in_one_half() -> None:
    first, second = halves()
    rooms = {f"tests/{file.relative_to(HERE).parts[0]}" for file in HERE.rglob("test_*.py")}
    assert sorted([*first, *second]) == sorted(rooms)


def test_the_closing_line_sums_up_both() -> None:
    counts = counted("== 2 failed, 10 passed in 5.00s ==\n") + counted("== 7 passed, 1 error in 61.20s (0:01:01) ==\n")
    assert counts == Counter(failed=2, passed=17, error=1)
    assert closing_line(counts, 61.2).strip("= ") == "2 failed, 1 error, 17 passed in 61.20s (0:01:01)"


def test_a_half_that_crashed_is_an_error() -> None:
    assert counted("tests/ui ....Fatal Python error: Segmentation fault\n") == Counter(error=1)
