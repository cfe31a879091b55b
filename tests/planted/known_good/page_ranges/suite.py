from solution import page_ranges


def test_ranges() -> None:
    assert page_ranges("1-3,7", 9, "") == ("1-3,7", 4)


def test_pages_to_skip() -> None:
    assert page_ranges("1-9", 9, "4,6-7") == ("1-3,5,8-9", 6)


def test_pages_that_do_not_exist() -> None:
    assert page_ranges("0-2,8-12", 9, "") == ("1-2,8-9", 4)


def test_twice_and_out_of_order() -> None:
    assert page_ranges("5,3-5,1", 10, "") == ("1,3-5", 4)


def test_nothing_left() -> None:
    assert page_ranges("4", 10, "1-5") == ("", 0)


def test_the_last_page() -> None:
    assert page_ranges("10-12", 12, "11") == ("10,12", 2)
