"""The longest streak of won games."""

from more_itertools import ilen, run_length


def streaks(games: str) -> tuple[int, int]:
    """Length of the longest streak of W, and how many streaks of two or more there are."""
    runs = [length for letter, length in run_length.encode(games) if letter == "W"]
    return max(runs, default=0), ilen(length for length in runs if length >= 2)
