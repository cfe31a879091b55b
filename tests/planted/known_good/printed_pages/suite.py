from solution import printed_pages


def test_pages_of_two() -> None:
    assert printed_pages(["one", "two", "three"], 2) == [["one", "two"], ["three"]]


def test_empty_lines_are_left_out() -> None:
    assert printed_pages(["one", "", "two", "  ", "three", "four"], 2) == [["one", "two"], ["three", "four"]]


def test_a_page_holds_all() -> None:
    assert printed_pages(["red", "blue"], 9) == [["red", "blue"]]


def test_lines_keep_their_spaces() -> None:
    assert printed_pages([" x ", "y"], 1) == [[" x "], ["y"]]


def test_nothing_is_written() -> None:
    assert printed_pages(["", " "], 3) == []
