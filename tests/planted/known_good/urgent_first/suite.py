from solution import urgent_first


def test_by_urgency() -> None:
    assert urgent_first([("wash", 1), ("cook", 3), ("shop", 2)]) == ["cook", "shop", "wash"]


def test_equally_urgent_as_they_came() -> None:
    assert urgent_first([("b", 5), ("a", 5), ("c", 5)]) == ["b", "a", "c"]


def test_negative_urgency() -> None:
    assert urgent_first([("later", -2), ("now", 9), ("some day", -7)]) == ["now", "later", "some day"]


def test_the_same_task_twice() -> None:
    assert urgent_first([("call", 1), ("read", 2), ("call", 3)]) == ["call", "read", "call"]


def test_nothing_to_do() -> None:
    assert urgent_first([]) == []
