from solution import family_line

CHILDREN = {"ada": ["ben", "cleo"], "ben": ["dora"], "dora": ["emil", "finn"], "gus": ["dora"]}


def test_in_the_middle() -> None:
    assert family_line(CHILDREN, "dora") == {"before": ["ada", "ben", "gus"], "after": ["emil", "finn"]}


def test_at_the_top() -> None:
    assert family_line(CHILDREN, "ada") == {"before": [], "after": ["ben", "cleo", "dora", "emil", "finn"]}


def test_at_the_bottom() -> None:
    assert family_line(CHILDREN, "finn") == {"before": ["ada", "ben", "dora", "gus"], "after": []}


def test_a_stranger() -> None:
    assert family_line(CHILDREN, "hugo") == {"before": [], "after": []}


def test_an_uncle_is_not_in_line() -> None:
    assert family_line(CHILDREN, "cleo") == {"before": ["ada"], "after": []}
