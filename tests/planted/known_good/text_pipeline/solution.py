"""A title becomes part of an address."""

import re

from toolz import compose_left, unique


def text_pipeline(title: str, longest: int) -> str:
    """Words in lower case joined by dashes, each once, as many whole ones as fit into so many letters."""
    words_of = compose_left(str.lower, lambda text: re.findall(r"[a-z0-9]+", text), unique)
    slug = ""
    for word in words_of(title):
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > longest:
            break
        slug = longer
    return slug
