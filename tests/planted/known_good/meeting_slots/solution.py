"""Free hours for a meeting."""

from more_itertools import consecutive_groups, minmax


def meeting_slots(busy: list[int], opens: int, closes: int, length: int) -> list[str]:
    """Stretches of at least so many free hours from opening to closing time."""
    free = [hour for hour in range(opens, closes) if hour not in busy]
    slots = []
    for group in consecutive_groups(free):
        start, end = minmax(group)
        if end - start + 1 >= length:
            slots.append(f"{start:02}-{end + 1:02}")
    return slots
