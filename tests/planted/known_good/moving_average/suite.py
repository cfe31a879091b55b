import pytest
from solution import moving_average


def test_windows_of_two() -> None:
    assert moving_average([2, 4, 3, 7], 2) == [(3.0, 4), (3.5, 4), (5.0, 7)]


def test_windows_of_one() -> None:
    assert moving_average([5, 1], 1) == [(5.0, 5), (1.0, 5)]


def test_a_window_over_all() -> None:
    assert moving_average([9, 1, 2], 3) == [(4.0, 9)]


def test_nothing_to_smooth() -> None:
    assert moving_average([], 1) == []


def test_no_window() -> None:
    with pytest.raises(ValueError):
        moving_average([1], 0)
    assert moving_average([1], 1) == [(1.0, 1)]


def test_falling_values_keep_their_peak() -> None:
    assert moving_average([8, 6, 4, 2], 2) == [(7.0, 8), (5.0, 8), (3.0, 8)]
