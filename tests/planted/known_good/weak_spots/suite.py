from solution import weak_spots


def test_a_row() -> None:
    assert weak_spots([("a", "b"), ("b", "c")]) == {"stations": ["b"], "lines": ["a-b", "b-c"]}


def test_a_ring_has_none() -> None:
    assert weak_spots([("a", "b"), ("b", "c"), ("c", "a")]) == {"stations": [], "lines": []}


def test_two_rings_at_one_station() -> None:
    lines = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "c")]
    assert weak_spots(lines) == {"stations": ["c"], "lines": []}


def test_two_rings_and_a_line() -> None:
    lines = [("z", "y"), ("y", "x"), ("x", "z"), ("z", "c"), ("c", "d"), ("d", "e"), ("e", "c")]
    assert weak_spots(lines) == {"stations": ["c", "z"], "lines": ["c-z"]}


def test_a_loop_is_no_line() -> None:
    assert weak_spots([("a", "a"), ("b", "a")]) == {"stations": [], "lines": ["a-b"]}


def test_names_in_order() -> None:
    lines = [("z", "m"), ("m", "k"), ("k", "b"), ("y", "b"), ("y", "a")]
    assert weak_spots(lines) == {"stations": ["b", "k", "m", "y"], "lines": ["a-y", "b-k", "b-y", "k-m", "m-z"]}
