from solution import seating


def test_full_tables() -> None:
    assert seating(["a", "b", "c", "d"], 2) == {"table of a": ["a", "b"], "table of c": ["c", "d"]}


def test_nobody_sits_alone() -> None:
    assert seating(["a", "b", "c", "d", "e"], 2) == {"table of a": ["a", "b"], "table of c": ["c", "d", "e"]}


def test_a_single_guest() -> None:
    assert seating(["zoe"], 4) == {"table of zoe": ["zoe"]}


def test_a_last_table_of_two_stays() -> None:
    assert seating(["p", "q", "r", "s", "t"], 3) == {"table of p": ["p", "q", "r"], "table of s": ["s", "t"]}


def test_no_guests() -> None:
    assert seating([], 3) == {}
