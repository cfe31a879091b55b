from solution import palindromes


def test_the_longest_first() -> None:
    assert palindromes("abcba", 2) == (["abcba", "bcb"], 8)


def test_single_letters() -> None:
    assert palindromes("hey", 1) == (["e", "h", "y"], 3)


def test_pieces_count_once() -> None:
    assert palindromes("aaaa", 2) == (["aaaa", "aaa", "aa"], 0)


def test_equals_by_name() -> None:
    assert palindromes("zz1aa", 2) == (["aa", "zz"], 8)


def test_too_long() -> None:
    assert palindromes("otto", 5) == ([], 0)


def test_a_higher_bar() -> None:
    assert palindromes("racecar", 4) == (["racecar", "aceca"], 8)
