from solution import budget_report


def test_months_in_order() -> None:
    assert budget_report([("05", 4), ("04", 7)], 10) == ["04: 7 coins", "05: 4 coins"]


def test_a_month_adds_up() -> None:
    assert budget_report([("04", 4), ("04", 7)], 20) == ["04: 11 coins"]


def test_over_the_limit() -> None:
    assert budget_report([("01", 12), ("02", 10)], 10) == ["01: 12 coins, 2 over", "02: 10 coins"]


def test_one_coin() -> None:
    assert budget_report([("01", 1), ("02", 0)], 0) == ["01: 1 coin, 1 over", "02: 0 coins"]


def test_nothing_spent() -> None:
    assert budget_report([], 5) == []
