from solution import leaderboard


def test_best_first() -> None:
    assert leaderboard([(3, "ann"), (9, "bob"), (5, "cid")], 5) == ["bob: 9", "cid: 5", "ann: 3"]


def test_the_worst_goes() -> None:
    assert leaderboard([(3, "ann"), (9, "bob"), (5, "cid")], 2) == ["bob: 9", "cid: 5"]


def test_a_bad_result_does_not_get_in() -> None:
    assert leaderboard([(8, "ann"), (9, "bob"), (5, "cid")], 2) == ["bob: 9", "ann: 8"]


def test_a_score_is_taken_over() -> None:
    assert leaderboard([(8, "ann"), (9, "bob"), (8, "cid")], 2) == ["bob: 9", "cid: 8"]


def test_nobody() -> None:
    assert leaderboard([], 3) == []


def test_room_for_one() -> None:
    assert leaderboard([(1, "a"), (4, "b"), (2, "c"), (6, "d")], 1) == ["d: 6"]
