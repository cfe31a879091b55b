from solution import split_bill


def test_pages() -> None:
    assert split_bill([("food", 5), ("food", 9), ("food", 7)], 2) == {"food": [[9, 7], [5]]}


def test_kinds() -> None:
    assert split_bill([("rent", 700), ("food", 12), ("rent", 20)], 5) == {"food": [[12]], "rent": [[700, 20]]}


def test_refunds() -> None:
    assert split_bill([("food", -3), ("food", 8), ("rent", -50)], 4) == {"back": [[-3, -50]], "food": [[8]]}


def test_nothing_spent_is_no_refund() -> None:
    assert split_bill([("gift", 0)], 1) == {"gift": [[0]]}


def test_no_costs() -> None:
    assert split_bill([], 3) == {}
