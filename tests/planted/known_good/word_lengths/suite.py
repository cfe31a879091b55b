from solution import word_lengths


def test_by_length() -> None:
    assert word_lengths(["owl", "bear", "ant", "wolf"]) == ["3: ant, owl", "4: bear, wolf"]


def test_one_length() -> None:
    assert word_lengths(["tea", "ale", "gin"]) == ["3: ale, gin, tea"]


def test_the_same_word_twice() -> None:
    assert word_lengths(["to", "be", "to"]) == ["2: be, to, to"]


def test_shortest_first() -> None:
    assert word_lengths(["three", "", "y", "seven", "x"]) == ["0: ", "1: x, y", "5: seven, three"]


def test_no_words() -> None:
    assert word_lengths([]) == []
