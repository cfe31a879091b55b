from solution import visited_cities


def test_shared_ones() -> None:
    assert visited_cities(["rome", "bonn", "oslo"], ["oslo", "bonn"], 5) == [("bonn", 1), ("oslo", 2)]


def test_visits_count_once() -> None:
    assert visited_cities(["ulm", "ulm", "jena"], ["ulm", "ulm"], 5) == [("ulm", 2)]


def test_nothing_shared() -> None:
    assert visited_cities(["rome"], ["oslo"], 5) == []


def test_places_in_a_long_list() -> None:
    mine = ["kiel", "graz", "bern", "lyon", "nice"]
    assert visited_cities(mine, ["nice", "graz", "york"], 5) == [("graz", 2), ("nice", 5)]


def test_home() -> None:
    assert visited_cities([], ["oslo"], 5) == []


def test_everywhere_together() -> None:
    assert visited_cities(["york", "bath"], ["bath", "york"], 5) == [("bath", 1), ("york", 2)]


def test_at_most_so_many() -> None:
    assert visited_cities(["d", "c", "b", "a"], ["a", "d", "b"], 2) == [("a", 1), ("b", 2)]
