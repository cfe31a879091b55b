"""Cards for the players, the rest stays."""

from more_itertools import distribute, take


def deal_cards(deck: list[str], players: int, each: int) -> tuple[list[list[str]], list[str]]:
    """Hands, dealt one card at a time, and what is left of the deck."""
    if players * each > len(deck):
        raise ValueError("there are not enough cards")
    cards = iter(deck)
    dealt = take(players * each, cards)
    return [sorted(hand) for hand in distribute(players, dealt)], list(cards)
