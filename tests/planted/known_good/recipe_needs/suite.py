from solution import recipe_needs

PARTS = {
    "pie": {"dough": 300, "apple": 500},
    "dough": {"flour": 200, "butter": 100},
    "toast": {"butter": 20, "bread": 80},
}


def test_what_goes_into_a_part() -> None:
    assert recipe_needs(PARTS, ["pie"]) == {"apple": 500, "butter": 100, "flour": 200}


def test_two_dishes() -> None:
    assert recipe_needs(PARTS, ["pie", "toast"]) == {"apple": 500, "bread": 80, "butter": 120, "flour": 200}


def test_a_dish_twice() -> None:
    assert recipe_needs(PARTS, ["toast", "toast"]) == {"bread": 160, "butter": 40}


def test_a_part_alone() -> None:
    assert recipe_needs(PARTS, ["dough"]) == {"butter": 100, "flour": 200}


def test_no_dinner() -> None:
    assert recipe_needs(PARTS, []) == {}
