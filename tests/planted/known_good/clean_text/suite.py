from solution import clean_text


def test_words() -> None:
    assert clean_text(["My First Day"], "md") == {"My First Day": "my-first-day.md"}


def test_accents() -> None:
    assert clean_text(["Café Olé"], "txt") == {"Café Olé": "cafe-ole.txt"}


def test_a_name_that_is_taken() -> None:
    assert clean_text(["A b", "a-b", "A  B!"], "md") == {"A b": "a-b.md", "a-b": "a-b-2.md", "A  B!": "a-b-3.md"}


def test_nothing_to_name_it_after() -> None:
    assert clean_text(["?!", "..."], "py") == {"?!": "untitled.py", "...": "untitled-2.py"}


def test_no_titles() -> None:
    assert clean_text([], "md") == {}
