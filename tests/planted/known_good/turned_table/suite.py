from solution import turned_table


def test_two_by_three() -> None:
    assert turned_table([["a", "b", "c"], ["d", "e", "f"]], "-") == ["a | d", "b | e", "c | f"]


def test_one_row() -> None:
    assert turned_table([["left", "right"]], "-") == ["left", "right"]


def test_one_column() -> None:
    assert turned_table([["up"], ["down"]], "-") == ["up | down"]


def test_short_rows_are_filled_up() -> None:
    assert turned_table([["a"], ["b", "c", "d"], []], "?") == ["a | b | ?", "? | c | ?", "? | d | ?"]


def test_no_rows() -> None:
    assert turned_table([], "-") == []
