from solution import warm_spells


def test_two_spells() -> None:
    assert warm_spells([18, 26, 27, 19, 30, 34, 31], 25) == ["2 days, 26 to 27", "3 days, 30 to 34"]


def test_the_limit_is_not_above() -> None:
    assert warm_spells([20, 21, 20, 23, 22], 20) == ["1 days, 21 to 21", "2 days, 22 to 23"]


def test_all_warm() -> None:
    assert warm_spells([14, 12, 13, 11], 10) == ["4 days, 11 to 14"]


def test_it_begins_and_ends_warm() -> None:
    assert warm_spells([9, 3, 3, 8, 9, 7], 5) == ["1 days, 9 to 9", "3 days, 7 to 9"]


def test_never_warm() -> None:
    assert warm_spells([1, 2, 3], 30) == []
