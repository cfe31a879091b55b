from solution import tournament


def test_a_clear_order() -> None:
    assert tournament([("ann", "bob"), ("bob", "cid"), ("ann", "cid")], 9) == [["ann"], ["bob"], ["cid"]]


def test_a_circle_shares_a_league() -> None:
    assert tournament([("c", "b"), ("b", "a"), ("a", "c")], 3) == [["a", "b", "c"]]


def test_a_circle_below_a_champion() -> None:
    assert tournament([("kim", "b"), ("b", "a"), ("a", "b")], 2) == [["kim"], ["a", "b"]]


def test_two_circles() -> None:
    wins = [("d", "c"), ("c", "d"), ("d", "a"), ("a", "b"), ("b", "a"), ("b", "z")]
    assert tournament(wins, 3) == [["c", "d"], ["a", "b"], ["z"]]


def test_the_best_only() -> None:
    wins = [("eva", "tom"), ("tom", "ida"), ("ida", "max"), ("max", "tom")]
    assert tournament(wins, 1) == [["eva"]]


def test_nobody_beats_himself() -> None:
    assert tournament([("ann", "ann")], 4) == []
