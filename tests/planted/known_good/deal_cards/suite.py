import pytest
from solution import deal_cards

DECK = ["k1", "a2", "q3", "j4", "b5", "z6", "c7"]


def test_one_card_at_a_time() -> None:
    assert deal_cards(DECK, 2, 3) == ([["b5", "k1", "q3"], ["a2", "j4", "z6"]], ["c7"])


def test_three_players() -> None:
    assert deal_cards(DECK, 3, 2) == ([["j4", "k1"], ["a2", "b5"], ["q3", "z6"]], ["c7"])


def test_all_cards() -> None:
    assert deal_cards(["b", "a"], 1, 2) == ([["a", "b"]], [])


def test_not_enough() -> None:
    with pytest.raises(ValueError):
        deal_cards(["b", "a", "c"], 2, 2)
    assert deal_cards(["b", "a", "c", "d"], 2, 2) == ([["b", "c"], ["a", "d"]], [])


def test_no_cards_each() -> None:
    assert deal_cards(["x", "y"], 2, 0) == ([[], []], ["x", "y"])
