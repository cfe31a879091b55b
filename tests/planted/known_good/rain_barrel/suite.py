from solution import rain_barrel


def test_it_fills_and_empties() -> None:
    assert rain_barrel(10, [5, -8, 20], 100) == [15, 7, 27]


def test_it_runs_over() -> None:
    assert rain_barrel(40, [30, -15], 50) == [50, 35]


def test_it_runs_dry() -> None:
    assert rain_barrel(12, [-30, 25], 60) == [0, 25]


def test_over_and_dry() -> None:
    assert rain_barrel(1, [99, -99, 7], 33) == [33, 0, 7]


def test_no_days() -> None:
    assert rain_barrel(9, [], 10) == []
