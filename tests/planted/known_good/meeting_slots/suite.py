from solution import meeting_slots


def test_around_lunch() -> None:
    assert meeting_slots([12], 9, 17, 2) == ["09-12", "13-17"]


def test_short_stretches_do_not_count() -> None:
    assert meeting_slots([10, 12], 9, 16, 2) == ["13-16"]


def test_single_hours() -> None:
    assert meeting_slots([10, 12], 9, 14, 1) == ["09-10", "11-12", "13-14"]


def test_all_day() -> None:
    assert meeting_slots([], 8, 18, 10) == ["08-18"]
    assert meeting_slots([], 8, 18, 11) == []


def test_hours_outside_do_not_matter() -> None:
    assert meeting_slots([7, 18, 9], 8, 12, 1) == ["08-09", "10-12"]


def test_closed() -> None:
    assert meeting_slots([], 9, 9, 1) == []
