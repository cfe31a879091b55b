from solution import team_roster


def test_names_by_town() -> None:
    people = [("tom", "x"), ("ann", "y"), ("bob", "x")]
    assert team_roster(people, [("x", "ulm"), ("y", "bonn")]) == {"bonn": ["ann"], "ulm": ["bob", "tom"]}


def test_without_a_town() -> None:
    assert team_roster([("tom", "x"), ("ann", "z")], [("x", "ulm")]) == {"ulm": ["tom"]}


def test_a_team_in_two_towns() -> None:
    assert team_roster([("tom", "x")], [("x", "ulm"), ("x", "jena")]) == {"jena": ["tom"], "ulm": ["tom"]}


def test_a_name_counts_once_in_a_town() -> None:
    assert team_roster([("kim", "x"), ("kim", "y")], [("x", "ulm"), ("y", "ulm")]) == {"ulm": ["kim"]}


def test_nobody() -> None:
    assert team_roster([], [("x", "ulm")]) == {}
