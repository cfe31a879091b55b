"""Who is on duty?"""

from more_itertools import chunked, roundrobin


def rota(early: list[str], late: list[str], per_day: int) -> list[str]:
    """Early and late people take turns; a line for each day says who is on duty, so many a day."""
    days = chunked(roundrobin(early, late), per_day)
    return [f"day {number}: {' and '.join(people)}" for number, people in enumerate(days, start=1)]
