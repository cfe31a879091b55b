"""Where can one sit?"""

from sortedcontainers import SortedSet


def free_seats(seats: list[int], taken: list[int], width: int) -> list[str]:
    """Seats that nobody has taken, in order, by row and place; rows have a width."""
    free = SortedSet(seats).difference(taken)
    return [f"row {seat // width + 1} place {seat % width + 1}" for seat in free]
