from solution import friend_suggestions

FRIENDS = [("ann", "bob"), ("ann", "cid"), ("bob", "dan"), ("cid", "dan"), ("cid", "eve"), ("eve", "fay")]


def test_most_common_friends_first() -> None:
    assert friend_suggestions(FRIENDS, "ann", 1) == [("dan", 2), ("eve", 1)]


def test_a_higher_bar() -> None:
    assert friend_suggestions(FRIENDS, "ann", 2) == [("dan", 2)]


def test_no_bar_at_all() -> None:
    assert friend_suggestions(FRIENDS, "ann", 0) == [("dan", 2), ("eve", 1), ("fay", 0)]


def test_names_decide_between_equals() -> None:
    friends = [("ann", "bob"), *[("bob", name) for name in ("zoe", "kim", "max", "ivy", "abe")]]
    assert friend_suggestions(friends, "ann", 1) == [("abe", 1), ("ivy", 1), ("kim", 1), ("max", 1), ("zoe", 1)]


def test_many_common_friends_come_before_names() -> None:
    friends = [("ann", "bob"), ("ann", "cid"), ("bob", "zoe"), ("cid", "zoe"), ("bob", "abe")]
    assert friend_suggestions(friends, "ann", 1) == [("zoe", 2), ("abe", 1)]


def test_a_stranger_to_all() -> None:
    assert friend_suggestions(FRIENDS, "zoe", 0) == []


def test_everybody_is_known() -> None:
    assert friend_suggestions([("ann", "bob"), ("ann", "cid")], "ann", 0) == []
