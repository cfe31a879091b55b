from solution import network_cost


def test_the_dearest_of_a_triangle_is_left_out() -> None:
    assert network_cost([("a", "b", 3), ("b", "c", 1), ("c", "a", 2)]) == (3, [("a", "c"), ("b", "c")])


def test_two_offers_for_one_cable() -> None:
    assert network_cost([("a", "b", 9), ("b", "a", 4), ("a", "b", 6)]) == (4, [("a", "b")])


def test_a_house_apart() -> None:
    assert network_cost([("a", "b", 1), ("c", "d", 1)]) == (-1, [])


def test_no_offers() -> None:
    assert network_cost([]) == (0, [])


def test_a_village() -> None:
    offers = [("a", "b", 4), ("a", "c", 8), ("b", "c", 11), ("c", "d", 7), ("b", "d", 2), ("d", "e", 6)]
    assert network_cost(offers) == (19, [("a", "b"), ("b", "d"), ("c", "d"), ("d", "e")])


def test_names_in_order() -> None:
    assert network_cost([("z", "a", 1), ("y", "z", 2), ("y", "a", 30)]) == (3, [("a", "z"), ("y", "z")])
