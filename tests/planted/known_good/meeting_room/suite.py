from solution import meeting_room


def test_a_row_of_three() -> None:
    assert meeting_room([("a", "b"), ("b", "c")]) == ["b: 1 door"]


def test_a_row_of_four_has_two() -> None:
    assert meeting_room([("d", "c"), ("c", "b"), ("b", "a")]) == ["b: 2 doors", "c: 2 doors"]


def test_a_hall_with_rooms() -> None:
    assert meeting_room([("hall", "a"), ("hall", "b"), ("b", "c")]) == ["b: 2 doors", "hall: 2 doors"]


def test_two_rooms() -> None:
    assert meeting_room([("y", "x")]) == ["x: 1 door", "y: 1 door"]


def test_a_long_row() -> None:
    row = [("1", "2"), ("2", "3"), ("3", "4"), ("4", "5"), ("5", "6"), ("6", "7")]
    assert meeting_room(row) == ["4: 3 doors"]
