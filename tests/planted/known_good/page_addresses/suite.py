from solution import page_addresses


def test_words_are_joined() -> None:
    assert page_addresses("blog", ["Hello World", "A Day at Sea"]) == ["/blog/hello-world", "/blog/a-day-at-sea"]


def test_signs_disappear() -> None:
    assert page_addresses("Q&A", ["What?! Again..."]) == ["/q_a/what-again"]


def test_each_once() -> None:
    assert page_addresses("us", ["About us", "News", "about  us"]) == ["/us/about-us", "/us/news"]


def test_order_stays() -> None:
    assert page_addresses("Big Zoo", ["Zebra", "", "Ape", "  ", "Zebra!"]) == ["/big_zoo/zebra", "/big_zoo/ape"]


def test_nothing() -> None:
    assert page_addresses("blog", []) == []
