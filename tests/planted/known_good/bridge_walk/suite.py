from solution import bridge_walk


def test_a_ring() -> None:
    assert bridge_walk([("a", "b"), ("b", "c"), ("c", "a")]) == "round trip"


def test_a_line() -> None:
    assert bridge_walk([("a", "b"), ("b", "c")]) == "one way, 2 odd"


def test_a_star() -> None:
    assert bridge_walk([("a", "b"), ("a", "c"), ("a", "d"), ("a", "e"), ("a", "f")]) == "impossible, 6 odd"


def test_two_bridges_side_by_side() -> None:
    assert bridge_walk([("a", "b"), ("a", "b")]) == "round trip"


def test_two_rings_apart() -> None:
    apart = [("a", "b"), ("a", "b"), ("c", "d"), ("c", "d")]
    assert bridge_walk(apart) == "impossible, 0 odd"


def test_koenigsberg() -> None:
    old = [("n", "k"), ("n", "k"), ("s", "k"), ("s", "k"), ("n", "e"), ("s", "e"), ("k", "e")]
    assert bridge_walk(old) == "impossible, 4 odd"
