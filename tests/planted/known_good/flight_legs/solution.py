"""Legs of a journey."""

from boltons.iterutils import pairwise, unique


def flight_legs(stops: list[str], prices: dict[str, int]) -> tuple[list[str], int]:
    """Legs that are flown, each once though a stop may come again, and what all flights cost, unknown ones 99."""
    legs = [f"{start}-{end}" for start, end in pairwise(stops) if start != end]
    return unique(legs), sum(prices.get(leg, 99) for leg in legs)
