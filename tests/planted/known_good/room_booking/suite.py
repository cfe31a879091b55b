from solution import room_booking


def test_one_after_the_other() -> None:
    assert room_booking([(9, 10), (10, 12), (8, 9)]) == [True, True, True]


def test_overlaps() -> None:
    wishes = [(10, 14), (9, 11), (13, 15), (11, 12), (8, 20), (10, 14)]
    assert room_booking(wishes) == [True, False, False, False, False, False]


def test_a_gap_is_filled() -> None:
    wishes = [(8, 10), (14, 16), (9, 12), (12, 15), (10, 14), (10, 11)]
    assert room_booking(wishes) == [True, True, False, False, True, False]


def test_a_refused_wish_blocks_nothing() -> None:
    assert room_booking([(5, 9), (8, 30), (20, 25), (1, 5), (9, 20)]) == [True, False, True, True, True]


def test_wishes_that_make_no_sense() -> None:
    assert room_booking([(5, 5), (7, 6), (5, 7), (6, 6)]) == [False, False, True, False]


def test_a_long_day() -> None:
    wishes = [(20, 22), (8, 9), (9, 11), (10, 12), (11, 20), (21, 23), (22, 24), (7, 8)]
    assert room_booking(wishes) == [True, True, True, False, True, False, True, True]
