from solution import direct_needs


def test_a_need_that_follows() -> None:
    assert direct_needs([("car", "bolt"), ("car", "wheel"), ("wheel", "bolt")]) == {"car": "wheel", "wheel": "bolt"}


def test_nothing_follows() -> None:
    assert direct_needs([("b", "c"), ("a", "d"), ("a", "c")]) == {"a": "c and d", "b": "c"}


def test_over_two_steps() -> None:
    needs = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d"), ("a", "c")]
    assert direct_needs(needs) == {"a": "b", "b": "c", "c": "d"}


def test_parts_are_in_order() -> None:
    assert list(direct_needs([("z", "y"), ("k", "y"), ("m", "y")])) == ["k", "m", "z"]


def test_no_needs() -> None:
    assert direct_needs([]) == {}
