from solution import village_post

ROADS = [("post", "mill"), ("mill", "lake"), ("mill", "farm"), ("farm", "edge")]


def test_on_the_way() -> None:
    assert village_post(ROADS, "post", ["lake", "edge"]) == [("edge", 1), ("farm", 1), ("lake", 1), ("mill", 2)]


def test_several_for_one() -> None:
    assert village_post(ROADS, "post", ["mill", "mill", "mill"]) == [("mill", 3)]


def test_another_office() -> None:
    assert village_post(ROADS, "edge", ["post", "farm"]) == [("farm", 2), ("mill", 1), ("post", 1)]


def test_a_letter_to_the_office_itself() -> None:
    assert village_post(ROADS, "post", ["post", "mill"]) == [("mill", 1)]


def test_no_letters() -> None:
    assert village_post(ROADS, "post", []) == []
