from solution import cheapest_route

ROADS = [("ulm", "bonn", 4), ("bonn", "kiel", 7)]


def test_name() -> None:
    assert cheapest_route.__name__ == "cheapest_route"


def test_roads() -> None:
    assert sorted(ROADS) == [("bonn", "kiel", 7), ("ulm", "bonn", 4)]


def test_is_a_function() -> None:
    assert type(cheapest_route).__name__ == "function"


def test_documentation() -> None:
    assert (cheapest_route.__doc__ or "").split()[:3] == ["Toll", "and", "towns"]


def test_all_branches() -> None:
    assert [len(cheapest_route(ROADS, "ulm", town)) for town in ("kiel", "rome")] == [2, 2]
