from solution import cheapest_route

ROADS = [("ulm", "bonn", 4), ("bonn", "kiel", 7), ("ulm", "kiel", 20), ("ulm", "jena", 2), ("jena", "bonn", 1)]


def test_detour_is_cheaper() -> None:
    assert cheapest_route(ROADS, "ulm", "kiel") == (10, ["ulm", "jena", "bonn", "kiel"])


def test_direct() -> None:
    assert cheapest_route(ROADS, "bonn", "kiel") == (7, ["bonn", "kiel"])


def test_no_way() -> None:
    assert cheapest_route([*ROADS, ("oslo", "bergen", 3)], "ulm", "oslo") == (-1, [])


def test_roads() -> None:
    assert sorted(ROADS)[0] == ("bonn", "kiel", 7)


def test_name() -> None:
    assert cheapest_route.__name__ == "cheapest_route"
