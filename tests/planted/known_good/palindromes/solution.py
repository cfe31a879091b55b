"""Palindromes inside a word."""

from more_itertools import partition, substrings


def palindromes(word: str, least: int) -> tuple[list[str], int]:
    """All pieces of at least so many letters that read the same backwards, and how many other such pieces there are."""
    pieces = {"".join(piece) for piece in substrings(word)}
    others, found = partition(lambda piece: piece == piece[::-1], (one for one in pieces if len(one) >= least))
    return sorted(found, key=lambda piece: (-len(piece), piece)), len(list(others))
