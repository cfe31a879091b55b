from solution import households


def test_two_households() -> None:
    pairs = [("eva", "tom"), ("ida", "max"), ("tom", "lea")]
    assert households(pairs, {"eva": 300, "max": 450, "lea": 250}) == [{"people": ["ida", "max"], "rent": 450}, {"people": ["tom", "lea", "eva"], "rent": 550}]


def test_many() -> None:
    names = ["ann", "bob", "cid", "dan", "eva", "fay", "gus", "hal"]
    assert households(list(zip(names, names[1:])), {"ann": 1}) == [{"people": ["dan", "bob", "gus", "fay", "hal", "cid", "eva", "ann"], "rent": 1}]


def test_rent_of_a_stranger_does_not_count() -> None:
    assert households([("kim", "kim")], {"kim": 10, "zoe": 999}) == [{"people": ["kim"], "rent": 10}]


def test_nobody_pays() -> None:
    assert households([("ann", "bob"), ("cid", "cid")], {"cid": 7}) == [{"people": ["cid"], "rent": 7}]


def test_two_alone() -> None:
    assert households([("zoe", "zoe"), ("bob", "bob")], {"zoe": 3, "bob": 4}) == [
        {"people": ["bob"], "rent": 4},
        {"people": ["zoe"], "rent": 3},
    ]
