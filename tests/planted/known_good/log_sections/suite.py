from solution import log_sections


def test_sections() -> None:
    assert log_sections(["# one", "a", "b", "# two", "c"]) == [("one", 2), ("two", 1)]


def test_lines_before_the_first_title() -> None:
    assert log_sections(["x", "y", "z", "## late", "w"]) == [("start", 3), ("late", 1)]


def test_an_empty_section() -> None:
    assert log_sections(["# a", "# b"]) == [("a", 0), ("b", 0)]


def test_a_mark_inside_is_no_title() -> None:
    assert log_sections(["#top", "issue #7", "no # title"]) == [("top", 2)]


def test_no_lines() -> None:
    assert log_sections([]) == []
