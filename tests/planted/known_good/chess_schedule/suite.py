from solution import chess_schedule


def test_one_game() -> None:
    assert chess_schedule([("tom", "ann")]) == [["ann vs tom"]]


def test_who_plays_twice_needs_two_rounds() -> None:
    assert chess_schedule([("ann", "bob"), ("cid", "bob")]) == [["ann vs bob"], ["bob vs cid"]]


def test_games_side_by_side() -> None:
    assert chess_schedule([("c", "d"), ("b", "a")]) == [["a vs b", "c vs d"]]


def test_a_row_of_four() -> None:
    assert chess_schedule([("a", "b"), ("b", "c"), ("c", "d")]) == [["a vs b", "c vs d"], ["b vs c"]]


def test_no_games() -> None:
    assert chess_schedule([]) == []


def test_everybody_against_everybody() -> None:
    assert chess_schedule([("a", "b"), ("b", "c"), ("c", "a")]) == [["a vs b"], ["a vs c"], ["b vs c"]]
