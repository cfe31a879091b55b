"""The middle of everything so far."""

from sortedcontainers import SortedList


def running_median(values: list[int]) -> list[float]:
    """After each value, the median of all up to there."""
    seen = SortedList()
    medians = []
    for value in values:
        seen.add(value)
        middle = len(seen) // 2
        if len(seen) % 2:
            medians.append(float(seen[middle]))
        else:
            medians.append((seen[middle - 1] + seen[middle]) / 2)
    return medians
