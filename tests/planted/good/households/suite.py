from solution import households


def test_two_households() -> None:
    pairs = [("eva", "tom"), ("ida", "max"), ("tom", "lea")]
    assert households(pairs, {"eva": 300, "max": 450, "lea": 250}) == [
        {"people": ["eva", "lea", "tom"], "rent": 550},
        {"people": ["ida", "max"], "rent": 450},
    ]


def test_rent_of_a_stranger_does_not_count() -> None:
    assert households([("ann", "bob")], {"ann": 10, "zoe": 999}) == [{"people": ["ann", "bob"], "rent": 10}]


def test_nobody_pays() -> None:
    assert households([("ann", "bob"), ("cid", "dan")], {"cid": 7}) == [{"people": ["cid", "dan"], "rent": 7}]


def test_order_of_people_and_households() -> None:
    pairs = [("zoe", "yan"), ("bob", "ann")]
    assert households(pairs, {"yan": 1, "ann": 2, "zoe": 3}) == [
        {"people": ["ann", "bob"], "rent": 2},
        {"people": ["yan", "zoe"], "rent": 4},
    ]


def test_alone() -> None:
    assert households([("kim", "kim")], {"kim": 0}) == [{"people": ["kim"], "rent": 0}]
