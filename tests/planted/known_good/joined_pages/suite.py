from solution import joined_pages


def test_apart() -> None:
    assert joined_pages("1-3", "7,9") == "pages 1-3,7,9, 5 in all"


def test_side_by_side() -> None:
    assert joined_pages("4-6", "1-3") == "pages 1-6, 6 in all"


def test_overlapping() -> None:
    assert joined_pages("10-14,20", "12-16,20") == "pages 10-16,20, 8 in all"


def test_a_gap_is_filled() -> None:
    assert joined_pages("5,7", "6") == "pages 5-7, 3 in all"


def test_the_same_page() -> None:
    assert joined_pages("8", "8") == "page 8"


def test_no_pages() -> None:
    assert joined_pages("", "") == "nothing"
