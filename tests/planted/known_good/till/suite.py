from solution import till


def shelf() -> dict[str, dict[str, int]]:
    return {"tea": {"left": 7, "price": 4}, "rice": {"left": 2, "price": 3}}


def test_some_are_left() -> None:
    assert till(shelf(), "tea", 5) == {"tea": {"left": 2, "price": 4}, "rice": {"left": 2, "price": 3}}


def test_one_is_left() -> None:
    assert till(shelf(), "rice", 1) == {"tea": {"left": 7, "price": 4}, "rice": {"left": 1, "price": 3}}


def test_sold_out() -> None:
    assert till(shelf(), "rice", 2) == {"tea": {"left": 7, "price": 4}}


def test_more_than_there_was() -> None:
    assert till({"salt": {"left": 1, "price": 9}, "oil": {"left": 8}}, "salt", 3) == {"oil": {"left": 8}}


def test_the_shelf_itself_stays() -> None:
    mine = shelf()
    assert till(mine, "tea", 6)["tea"] == {"left": 1, "price": 4}
    assert mine == {"tea": {"left": 7, "price": 4}, "rice": {"left": 2, "price": 3}}
