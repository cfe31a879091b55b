from solution import tokens


def test_numbers_and_names() -> None:
    assert tokens("x1 + 23*(foo)") == ["x1", "23", "foo"]


def test_a_minus_before_a_digit() -> None:
    assert tokens("a -5 - b") == ["a", "-5", "b"]


def test_a_minus_at_the_end() -> None:
    assert tokens("40 -") == ["40"]


def test_signs_only() -> None:
    assert tokens("(+*)") == []


def test_a_difference_reads_as_two() -> None:
    assert tokens("7-3") == ["7", "-3"]


def test_the_last_letter() -> None:
    assert tokens("ab c") == ["ab", "c"]
