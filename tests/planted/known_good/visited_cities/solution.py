"""The first so many cities that both have seen."""

from sortedcontainers import SortedSet


def visited_cities(mine: list[str], yours: list[str], most: int) -> list[tuple[str, int]]:
    """The first so many cities that both have visited, by name, each with its place in my own sorted list, from 1."""
    own = SortedSet(mine)
    shared = own.intersection(yours)
    return [(city, own.index(city) + 1) for city in shared][:most]
