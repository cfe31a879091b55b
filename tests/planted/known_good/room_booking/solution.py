"""Is the room free?"""

from sortedcontainers import SortedDict


def room_booking(wishes: list[tuple[int, int]]) -> list[bool]:
    """Whether each wish (start, end) was granted, in order; granted ones never overlap, ends are free again."""
    booked = SortedDict()
    answers = []
    for start, end in wishes:
        place = booked.bisect_right(start)
        before_ends = booked.peekitem(place - 1)[1] if place > 0 else start
        after_starts = booked.peekitem(place)[0] if place < len(booked) else end
        granted = start < end and before_ends <= start and end <= after_starts
        if granted:
            booked[start] = end
        answers.append(granted)
    return answers
