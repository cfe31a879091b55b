from solution import free_seats


def test_some_are_taken() -> None:
    assert free_seats([4, 1, 3, 2], [3, 1], 3) == ["row 1 place 3", "row 2 place 2"]


def test_none_is_taken() -> None:
    assert free_seats([12, 11, 10], [], 10) == ["row 2 place 1", "row 2 place 2", "row 2 place 3"]


def test_all_are_taken() -> None:
    assert free_seats([5, 6], [6, 5], 2) == []


def test_a_seat_that_is_not_there() -> None:
    assert free_seats([7, 9, 8], [1, 8], 4) == ["row 2 place 4", "row 3 place 2"]


def test_a_seat_twice() -> None:
    assert free_seats([30, 20, 30, 10], [20], 7) == ["row 2 place 4", "row 5 place 3"]
