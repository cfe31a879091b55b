from solution import word_ladder


def test_one_step() -> None:
    assert word_ladder([], "cat", "bat") == ["c>b"]


def test_through_other_words() -> None:
    assert word_ladder(["cot", "cog"], "cat", "dog") == ["a>o", "t>g", "c>d"]


def test_the_shorter_way() -> None:
    assert word_ladder(["lead", "load", "goad", "gold"], "lead", "goad") == ["e>o", "l>g"]


def test_no_way() -> None:
    assert word_ladder(["cot"], "cat", "dog") == []


def test_words_of_other_lengths_do_not_help() -> None:
    assert word_ladder(["cats", "ca", "bats"], "cat", "dot") == []


def test_a_ladder_of_four() -> None:
    assert word_ladder(["card", "care", "cure"], "cord", "pure") == ["o>a", "d>e", "a>u", "c>p"]
