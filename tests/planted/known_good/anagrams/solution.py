"""Which words are made of the same letters?"""

from toolz import groupby, valfilter


def anagrams(words: list[str]) -> list[list[str]]:
    """Groups of two or more different words with the same letters, in alphabetical order."""
    known = sorted({word.lower() for word in words})
    groups = valfilter(lambda group: len(group) > 1, groupby(lambda word: "".join(sorted(word)), known))
    return sorted(groups.values())
