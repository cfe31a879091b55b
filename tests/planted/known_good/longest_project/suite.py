from solution import longest_project


def test_one_after_the_other() -> None:
    assert longest_project({"dig": 2, "build": 5}, [("dig", "build")]) == (7, ["dig", "build"])


def test_side_by_side() -> None:
    assert longest_project({"paint": 4, "dig": 3}, []) == (4, ["paint"])


def test_the_longer_way_decides() -> None:
    days = {"plan": 1, "wall": 6, "roof": 3, "garden": 8}
    after = [("plan", "wall"), ("wall", "roof"), ("plan", "garden")]
    assert longest_project(days, after) == (10, ["plan", "wall", "roof"])


def test_a_long_last_step() -> None:
    assert longest_project({"a": 1, "b": 2, "c": 30}, [("a", "b"), ("a", "c")]) == (31, ["a", "c"])


def test_one_step() -> None:
    assert longest_project({"nap": 9}, []) == (9, ["nap"])
