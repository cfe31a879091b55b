"""When did a price jump?"""

from more_itertools import difference, locate


def price_steps(prices: list[int], jump: int) -> list[tuple[int, int]]:
    """Day and difference of every change by at least so much, up or down, the first price being of day 0."""
    changes = list(difference(prices))[1:]
    return [(day + 1, changes[day]) for day in locate(changes, lambda change: abs(change) >= jump)]
