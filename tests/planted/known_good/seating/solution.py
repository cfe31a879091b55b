"""Guests at tables."""

from more_itertools import chunked, first


def seating(guests: list[str], seats: int) -> dict[str, list[str]]:
    """Tables named after their first guest; a last guest alone sits down at the table before."""
    tables = list(chunked(guests, seats))
    if len(tables) > 1 and len(tables[-1]) == 1:
        tables[-2].extend(tables.pop())
    return {f"table of {first(table)}": table for table in tables}
