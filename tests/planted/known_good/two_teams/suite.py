from solution import two_teams


def test_a_pair() -> None:
    assert two_teams([("tom", "ann")]) == (["ann"], ["tom"])


def test_a_row_of_four() -> None:
    assert two_teams([("d", "c"), ("c", "b"), ("b", "a")]) == (["a", "c"], ["b", "d"])


def test_three_who_hate_each_other() -> None:
    assert two_teams([("a", "b"), ("b", "c"), ("c", "a")]) is None


def test_groups_are_sided_one_by_one() -> None:
    assert two_teams([("b", "x"), ("y", "a"), ("a", "z")]) == (["a", "b"], ["x", "y", "z"])


def test_nobody() -> None:
    assert two_teams([]) == ([], [])


def test_the_first_name_leads() -> None:
    assert two_teams([("m", "k"), ("m", "b"), ("m", "z"), ("m", "c")]) == (["b", "c", "k", "z"], ["m"])
