from solution import word_frequency


def test_case_and_marks_do_not_matter() -> None:
    assert word_frequency("The cat. the dog, THE end!", 1) == [("the", 3)]


def test_equals_by_name() -> None:
    assert word_frequency("pear fig apple fig", 3) == [("fig", 2), ("apple", 1), ("pear", 1)]


def test_fewer_words_than_asked_for() -> None:
    assert word_frequency("to be or not to be", 9) == [("be", 2), ("to", 2), ("not", 1), ("or", 1)]


def test_a_mark_alone_is_no_word() -> None:
    assert word_frequency("well ... (well) ? well", 2) == [("well", 3)]


def test_nothing() -> None:
    assert word_frequency("", 3) == []


def test_marks_inside_stay() -> None:
    assert word_frequency("don't 'quote' \"this\"; don't:", 2) == [("don't", 2), ("quote", 1)]
