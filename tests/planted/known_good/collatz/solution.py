"""Where does a number end up?"""

from toolz import iterate, take


def collatz(start: int, most: int) -> tuple[list[int], bool]:
    """The Collatz numbers from a start on, up to the first 1 or so many of them, and whether 1 was reached."""
    seen = []
    for number in take(most, iterate(lambda one: one // 2 if one % 2 == 0 else 3 * one + 1, start)):
        seen.append(number)
        if number == 1:
            return seen, True
    return seen, False
