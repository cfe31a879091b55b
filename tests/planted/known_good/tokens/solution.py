"""Numbers out of a text."""

from more_itertools import peekable


def tokens(text: str) -> list[str]:
    """Numbers and names in the order in which they stand; a minus before a digit belongs to the number."""
    letters = peekable(text)
    found = []
    for letter in letters:
        if letter == "-" and not letters.peek("").isdigit():
            continue
        if not (letter.isalnum() or letter == "-"):
            continue
        word = letter
        while letters.peek(" ").isalnum():
            word += next(letters)
        found.append(word)
    return found
