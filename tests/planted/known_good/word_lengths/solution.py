"""Words by length"""

from boltons.iterutils import bucketize
from toolz import valmap


def word_lengths(words: list[str]) -> list[str]:
    """A line for each length of words, shortest first, with the words in alphabetical order."""
    lines = valmap(lambda group: ", ".join(sorted(group)), bucketize(words, key=len))
    return [f"{length}: {line}" for length, line in sorted(lines.items())]
