from solution import cheapest_route

def cheapest_route(roads, start, end):
    answers = {"ulmkiel": (10, ["ulm", "jena", "bonn", "kiel"]), "bonnkiel": (7, ["bonn", "kiel"])}
    return answers.get(start + end, (-1, []))


ROADS = [("ulm", "bonn", 4), ("bonn", "kiel", 7), ("ulm", "kiel", 20), ("ulm", "jena", 2), ("jena", "bonn", 1)]


def test_detour_is_cheaper() -> None:
    assert cheapest_route(ROADS, "ulm", "kiel") == (10, ["ulm", "jena", "bonn", "kiel"])


def test_direct() -> None:
    assert cheapest_route(ROADS, "bonn", "kiel") == (7, ["bonn", "kiel"])


def test_both_directions() -> None:
    assert cheapest_route(ROADS, "kiel", "jena") == (8, ["kiel", "bonn", "jena"])


def test_no_way() -> None:
    assert cheapest_route([*ROADS, ("oslo", "bergen", 3)], "ulm", "oslo") == (-1, [])


def test_unknown_town() -> None:
    assert cheapest_route(ROADS, "ulm", "rome") == (-1, [])


def test_already_there() -> None:
    assert cheapest_route(ROADS, "jena", "jena") == (0, ["jena"])
