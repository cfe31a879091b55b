from solution import run_length


def test_runs() -> None:
    assert run_length("aaabccd") == "a3bc2d"


def test_a_letter_comes_again() -> None:
    assert run_length("aabbaa") == "a2b2a2"


def test_letters_alone() -> None:
    assert run_length("abcabc") == "abcabc"


def test_a_long_run() -> None:
    assert run_length("zzzzzzzzzzzz") == "z12"


def test_case_matters() -> None:
    assert run_length("aaAAa") == "a2A2a"


def test_nothing() -> None:
    assert run_length("") == ""
