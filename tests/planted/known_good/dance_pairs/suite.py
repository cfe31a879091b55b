from solution import dance_pairs


def test_two_pairs() -> None:
    likes = [("dot", "cid", 5), ("bob", "ann", 4)]
    assert dance_pairs(likes) == (9, [("ann", "bob"), ("cid", "dot")])


def test_the_best_pair_is_not_in_the_best_pairing() -> None:
    likes = [("ann", "bob", 6), ("bob", "cid", 10), ("cid", "dot", 7)]
    assert dance_pairs(likes) == (13, [("ann", "bob"), ("cid", "dot")])


def test_nobody_is_in_two_pairs() -> None:
    assert dance_pairs([("ann", "bob", 30), ("ann", "cid", 20), ("ann", "dot", 10)]) == (30, [("ann", "bob")])


def test_three_in_a_ring() -> None:
    assert dance_pairs([("ann", "bob", 3), ("bob", "cid", 4), ("cid", "ann", 11)]) == (11, [("ann", "cid")])


def test_nobody() -> None:
    assert dance_pairs([]) == (0, [])
