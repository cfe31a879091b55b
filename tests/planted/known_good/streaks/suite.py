from solution import streaks


def test_the_longest() -> None:
    assert streaks("WWLWWWLW") == (3, 2)


def test_the_last_one_counts() -> None:
    assert streaks("LWLWWWWW") == (5, 1)


def test_draws_end_a_streak() -> None:
    assert streaks("WWDWWDWW") == (2, 3)


def test_losses_are_no_streak() -> None:
    assert streaks("LLLLWLLL") == (1, 0)


def test_never_won() -> None:
    assert streaks("LDL") == (0, 0)


def test_no_games() -> None:
    assert streaks("") == (0, 0)


def test_a_whole_season() -> None:
    assert streaks("WWWLWDWWLLWWWWDWLWW") == (4, 4)
