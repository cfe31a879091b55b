"""Which words come most often?"""

import re

from toolz import frequencies, topk


def word_frequency(text: str, count: int) -> list[tuple[str, int]]:
    """The most frequent words with how often they come, most first, equals by name; case and marks do not matter."""
    words = [word.strip("'") for word in re.findall(r"[\w']+", text.lower())]
    counted = frequencies(word for word in words if word)
    best = topk(count, counted.items(), key=lambda one: (one[1], [-ord(letter) for letter in one[0]]))
    return list(best)
