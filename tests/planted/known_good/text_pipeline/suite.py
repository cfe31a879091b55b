from solution import text_pipeline


def test_words_and_marks() -> None:
    assert text_pipeline("Hello, World: Part 2!", 40) == "hello-world-part-2"


def test_each_word_once() -> None:
    assert text_pipeline("The More the merrier", 40) == "the-more-merrier"


def test_as_much_as_fits() -> None:
    assert text_pipeline("one two three", 7) == "one-two"
    assert text_pipeline("one two three", 6) == "one"


def test_what_comes_after_a_long_word_is_left_out_too() -> None:
    assert text_pipeline("an extraordinary day", 6) == "an"


def test_nothing_left() -> None:
    assert text_pipeline("?!", 10) == ""
