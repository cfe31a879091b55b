"""The spread inside a moving window."""

from sortedcontainers import SortedList


def moving_spread(values: list[int], width: int) -> list[int]:
    """Largest minus smallest of every full window."""
    window = SortedList()
    spreads = []
    for place, value in enumerate(values):
        window.add(value)
        if len(window) > width:
            window.remove(values[place - width])
        if len(window) == width:
            spreads.append(window[-1] - window[0])
    return spreads
