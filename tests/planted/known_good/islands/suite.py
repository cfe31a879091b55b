from solution import islands


def test_two_islands() -> None:
    assert islands(["##..", "...#", "..##"]) == [3, 2]


def test_corners_do_not_hang_together() -> None:
    assert islands(["#.#.#", ".#.#.", "#.#.#"]) == [1, 1, 1, 1, 1, 1, 1, 1]


def test_a_ring() -> None:
    assert islands(["####", "#..#", "####"]) == [10]


def test_rows_and_columns() -> None:
    assert islands(["#####.#", "......#", "#.#.#.#", "#......"]) == [5, 3, 2, 1, 1]


def test_only_sea() -> None:
    assert islands(["...", "..."]) == []
