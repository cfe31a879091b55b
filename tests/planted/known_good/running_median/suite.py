from solution import running_median


def test_rising() -> None:
    assert running_median([1, 2, 3, 4]) == [1.0, 1.5, 2.0, 2.5]


def test_falling() -> None:
    assert running_median([9, 7, 1]) == [9.0, 8.0, 7.0]


def test_mixed() -> None:
    assert running_median([5, 15, 1, 3, 8]) == [5.0, 10.0, 5.0, 4.0, 5.0]


def test_equal_values() -> None:
    assert running_median([4, 4, 10]) == [4.0, 4.0, 4.0]


def test_nothing() -> None:
    assert running_median([]) == []
