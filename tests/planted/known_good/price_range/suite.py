from solution import price_range

GOODS = {"pen": 2, "ink": 9, "pad": 5, "cap": 5, "bag": 30}


def test_the_dearest_first() -> None:
    assert price_range(GOODS, 3, 10, 9) == ["ink (9)", "pad (5)", "cap (5)"]


def test_bounds_belong_to_the_range() -> None:
    assert price_range(GOODS, 2, 5, 9) == ["pad (5)", "cap (5)", "pen (2)"]


def test_at_most_so_many() -> None:
    assert price_range(GOODS, 0, 100, 2) == ["bag (30)", "ink (9)"]


def test_nothing_at_that_price() -> None:
    assert price_range(GOODS, 10, 29, 3) == []


def test_none_wanted() -> None:
    assert price_range(GOODS, 0, 100, 0) == []


def test_one_price() -> None:
    assert price_range(GOODS, 5, 5, 1) == ["pad (5)"]
