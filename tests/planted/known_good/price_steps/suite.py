from solution import price_steps


def test_up_and_down() -> None:
    assert price_steps([10, 15, 14, 4, 4], 5) == [(1, 5), (3, -10)]


def test_small_changes_do_not_count() -> None:
    assert price_steps([100, 101, 99, 100, 120], 3) == [(4, 20)]


def test_every_change() -> None:
    assert price_steps([7, 9, 8, 8], 1) == [(1, 2), (2, -1)]


def test_one_price() -> None:
    assert price_steps([7], 1) == []


def test_a_fall_at_the_bound() -> None:
    assert price_steps([50, 44, 37], 6) == [(1, -6), (2, -7)]
    assert price_steps([50, 44, 37], 7) == [(2, -7)]
