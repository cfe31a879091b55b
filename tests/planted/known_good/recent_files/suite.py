from solution import recent_files


def test_the_oldest_goes() -> None:
    assert recent_files(["a", "b", "c"], 2) == (["b", "c"], 0)


def test_opened_again() -> None:
    assert recent_files(["a", "b", "a", "c"], 2) == (["a", "c"], 1)


def test_opened_too_late() -> None:
    assert recent_files(["a", "b", "c", "a"], 2) == (["a", "c"], 0)


def test_always_the_same() -> None:
    assert recent_files(["log", "log", "log", "log"], 3) == (["log"], 3)


def test_nothing() -> None:
    assert recent_files([], 5) == ([], 0)


def test_many() -> None:
    assert recent_files(["d", "a", "d", "b", "d", "c", "d", "a"], 2) == (["a", "d"], 3)
