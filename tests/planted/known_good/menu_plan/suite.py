from solution import menu_plan


def test_twice_in_a_row() -> None:
    assert menu_plan(["soup", "rice", "rice", "soup"], 2) == ["rice"]


def test_in_order_each_once() -> None:
    dishes = ["pie", "pie", "pie", "egg", "egg", "pie", "pie"]
    assert menu_plan(dishes, 2) == ["pie", "egg"]


def test_three_in_a_row() -> None:
    assert menu_plan(["a", "a", "b", "b", "b", "a", "a"], 3) == ["b"]


def test_too_short_a_week() -> None:
    assert menu_plan(["soup", "soup"], 3) == []


def test_every_day_counts() -> None:
    assert menu_plan(["fish", "stew", "fish"], 1) == ["fish", "stew"]


def test_nothing_served() -> None:
    assert menu_plan([], 2) == []
