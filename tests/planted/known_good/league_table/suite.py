from solution import league_table


def test_halves_add_up() -> None:
    assert league_table([{"lions": 20, "bears": 18}, {"lions": 11, "bears": 15}], {}) == [
        ("bears", 33, 18),
        ("lions", 31, 20),
    ]


def test_a_penalty() -> None:
    assert league_table([{"a": 9, "b": 8}], {"a": 3, "c": 1}) == [("b", 8, 8), ("a", 6, 9)]


def test_names_decide_between_equals() -> None:
    assert league_table([{"owls": 5}, {"ants": 5}], {}) == [("ants", 5, 5), ("owls", 5, 5)]


def test_a_team_of_one_half() -> None:
    assert league_table([{"a": 4}, {"a": 7, "b": 20}], {}) == [("b", 20, 20), ("a", 11, 7)]


def test_no_teams() -> None:
    assert league_table([{}, {}], {"a": 1}) == []
