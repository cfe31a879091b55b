"""Counting votes"""

from toolz import frequencies, keyfilter, merge


def ballots(names: list[str], given: list[str]) -> dict[str, int]:
    """Votes for everybody who stands, those without a vote too; invalid ballots do not count."""
    counted = keyfilter(lambda name: name in names, frequencies(given))
    return merge(dict.fromkeys(names, 0), counted)
