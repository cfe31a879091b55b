from solution import secret_alphabet

PAIRS = [("a", "q"), ("b", "w"), ("c", "e")]


def test_there() -> None:
    assert secret_alphabet(PAIRS, "abcabc!", False) == "qweqwe!"


def test_and_back() -> None:
    assert secret_alphabet(PAIRS, "qweq abc", True) == "abca abc"


def test_later_pairs_win() -> None:
    assert secret_alphabet([*PAIRS, ("a", "z")], "aq", False) == "zq"
    assert secret_alphabet([*PAIRS, ("a", "z")], "zq", True) == "aq"


def test_a_secret_that_is_used_again() -> None:
    assert secret_alphabet([("a", "x"), ("b", "x")], "abxa", False) == "axxa"


def test_no_pairs() -> None:
    assert secret_alphabet([], "nothing", True) == "nothing"
