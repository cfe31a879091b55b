from solution import bake_sale


def test_tables_add_up() -> None:
    assert bake_sale([{"plum": 3, "nut": 1}, {"plum": 4, "nut": 5}], 2) == ["plum: 7", "nut: 6"]


def test_too_few_are_left_out() -> None:
    assert bake_sale([{"plum": 3, "nut": 1}, {"nut": 1, "pear": 8}], 3) == ["pear: 8", "plum: 3"]


def test_exactly_so_many_is_enough() -> None:
    assert bake_sale([{"plum": 2}, {"plum": 2, "nut": 3}], 4) == ["plum: 4"]


def test_equally_many_go_by_name() -> None:
    assert bake_sale([{"pear": 5, "nut": 5, "fig": 5}], 1) == ["fig: 5", "nut: 5", "pear: 5"]


def test_no_tables() -> None:
    assert bake_sale([], 1) == []
