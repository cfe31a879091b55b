from solution import moving_spread


def test_windows_of_three() -> None:
    assert moving_spread([1, 5, 2, 9, 9], 3) == [4, 7, 7]


def test_windows_of_two() -> None:
    assert moving_spread([10, 4, 4, 7], 2) == [6, 0, 3]


def test_the_largest_leaves() -> None:
    assert moving_spread([90, 1, 2, 3, 4], 2) == [89, 1, 1, 1]


def test_too_few_values() -> None:
    assert moving_spread([5, 6], 3) == []


def test_one_window() -> None:
    assert moving_spread([8, 30, 12], 3) == [22]


def test_below_zero() -> None:
    assert moving_spread([-5, -50, 5, 50], 2) == [45, 55, 45]
