"""Goods within a price range."""

from sortedcontainers import SortedKeyList


def price_range(goods: dict[str, int], lowest: int, highest: int, most: int) -> list[str]:
    """Names of goods that cost from lowest to highest, the dearest first, then by name backwards, at most so many."""
    shelf = SortedKeyList(sorted(goods), key=lambda name: goods[name])
    found = []
    for name in shelf.irange_key(lowest, highest, reverse=True):
        if len(found) == most:
            break
        found.append(f"{name} ({goods[name]})")
    return found
