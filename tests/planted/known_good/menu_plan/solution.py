"""Is the menu varied?"""

from more_itertools import all_equal, windowed


def menu_plan(dishes: list[str], days: int) -> list[str]:
    """Dishes that are served on so many days in a row, in order, each once."""
    dull = []
    for window in windowed(dishes, days):
        dish = window[0]
        if all_equal(window) and dish not in dull:
            dull.append(dish)
    return dull
