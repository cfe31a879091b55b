"""When does the next one go?"""

from sortedcontainers import SortedList


def next_buses(times: list[int], now: int, wanted: int) -> list[str]:
    """The next so many buses from a time on, earliest first; times are given as 730 and shown as 07:30."""
    plan = SortedList(times)
    first = plan.bisect_left(now)
    return [f"{time // 100:02}:{time % 100:02}" for time in plan[first : first + wanted]]
