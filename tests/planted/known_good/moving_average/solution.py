"""How does the temperature go, smoothed?"""

from toolz import accumulate, sliding_window


def moving_average(values: list[int], width: int) -> list[tuple[float, int]]:
    """Mean of each window beside the highest value seen up to its end; windows that do not fit are left out."""
    if width < 1:
        raise ValueError("a window holds at least one value")
    highest = list(accumulate(max, values))
    means = [sum(window) / width for window in sliding_window(width, values)]
    return list(zip(means, highest[width - 1 :]))
