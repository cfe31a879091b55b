from solution import anagrams


def test_a_pair_among_others() -> None:
    assert anagrams(["tea", "dog", "eat"]) == [["eat", "tea"]]


def test_several_groups() -> None:
    words = ["stop", "pots", "art", "rat", "tops", "tar", "cat"]
    assert anagrams(words) == [["art", "rat", "tar"], ["pots", "stop", "tops"]]


def test_the_same_word_twice_is_one() -> None:
    assert anagrams(["Dog", "dog", "DOG"]) == []


def test_letters_count_as_often_as_they_come() -> None:
    assert anagrams(["aab", "abb", "aba"]) == [["aab", "aba"]]


def test_case_does_not_matter() -> None:
    assert anagrams(["Elbow", "below"]) == [["below", "elbow"]]


def test_no_words() -> None:
    assert anagrams([]) == []
