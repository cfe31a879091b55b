"""How long was it warm?"""

from more_itertools import minmax, split_when


def warm_spells(days: list[int], limit: int) -> list[str]:
    """How long each spell of days above a temperature lasted, and its coldest and warmest day."""
    found = []
    for spell in split_when(days, lambda one, following: (one > limit) != (following > limit)):
        low, high = minmax(spell)
        if low > limit:
            found.append(f"{len(spell)} days, {low} to {high}")
    return found
