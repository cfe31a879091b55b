from solution import next_buses


def test_some_are_gone() -> None:
    assert next_buses([900, 730, 815, 1040], 800, 2) == ["08:15", "09:00"]


def test_one_leaves_now() -> None:
    assert next_buses([610, 640, 655], 640, 1) == ["06:40"]


def test_fewer_than_wanted() -> None:
    assert next_buses([1203, 1130, 1215], 1145, 5) == ["12:03", "12:15"]


def test_two_at_once() -> None:
    assert next_buses([505, 510, 505, 530], 505, 3) == ["05:05", "05:05", "05:10"]


def test_all_are_gone() -> None:
    assert next_buses([700, 720], 721, 2) == []
