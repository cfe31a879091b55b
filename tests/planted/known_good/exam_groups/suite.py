from solution import exam_groups


def test_the_best_first() -> None:
    assert exam_groups({"tom": 3, "ann": 1, "bob": 2, "cid": 4}, 2) == [["ann", "bob"], ["tom", "cid"]]


def test_equal_marks_by_name() -> None:
    assert exam_groups({"zoe": 1, "kim": 1, "abe": 2}, 1) == [["kim", "zoe", "abe"]]


def test_a_larger_first_group() -> None:
    assert exam_groups({"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}, 2) == [["e", "d", "c"], ["b", "a"]]


def test_more_groups_than_pupils() -> None:
    assert exam_groups({"ann": 2, "bob": 1}, 3) == [["bob"], ["ann"], []]


def test_nobody() -> None:
    assert exam_groups({}, 2) == [[], []]
