"""How full is the barrel?"""

from boltons.mathutils import clamp
from toolz import accumulate


def rain_barrel(level: int, days: list[int], size: int) -> list[int]:
    """How full the barrel is after each day; it cannot hold more than its size nor less than nothing."""
    levels = accumulate(lambda now, change: clamp(now + change, lower=0, upper=size), days, level)
    return list(levels)[1:]
