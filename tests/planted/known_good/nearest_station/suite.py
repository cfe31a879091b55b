import pytest
from solution import nearest_station


def test_between_two() -> None:
    assert nearest_station([10, 20], [12, 19, 15]) == [10, 20, 10]


def test_beyond_the_ends() -> None:
    assert nearest_station([50, 30, 90], [1, 200]) == [30, 90]


def test_at_a_station() -> None:
    assert nearest_station([8, 3, 5], [5, 8, 3]) == [5, 8, 3]


def test_no_station() -> None:
    with pytest.raises(ValueError):
        nearest_station([], [1])
    assert nearest_station([77], [1, 99]) == [77, 77]


def test_many() -> None:
    assert nearest_station([0, 100, 40, 60], [51, 49, 71, 81, 19]) == [60, 40, 60, 100, 0]
