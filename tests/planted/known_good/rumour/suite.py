from solution import rumour

TALKS = [("ann", "bob"), ("ann", "cid"), ("bob", "dan"), ("dan", "eve"), ("zoe", "yan")]


def test_day_by_day() -> None:
    assert rumour(TALKS, "ann", 3) == [["ann"], ["bob", "cid"], ["dan"], ["eve"]]


def test_it_stops_after_a_while() -> None:
    assert rumour(TALKS, "ann", 2) == [["ann"], ["bob", "cid"], ["dan"]]


def test_no_time_to_tell() -> None:
    assert rumour(TALKS, "dan", 0) == [["dan"]]


def test_those_apart_never_hear() -> None:
    assert rumour(TALKS, "zoe", 9) == [["zoe"], ["yan"]]


def test_a_hermit() -> None:
    assert rumour(TALKS, "kim", 1) == [["kim"]]


def test_from_the_middle() -> None:
    assert rumour([*TALKS, ("bob", "abe")], "bob", 1) == [["bob"], ["abe", "ann", "dan"]]
