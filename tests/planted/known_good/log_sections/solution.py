"""A log in sections."""

from more_itertools import split_before, spy


def log_sections(lines: list[str]) -> list[tuple[str, int]]:
    """Title and number of lines of every section; titles begin with #, lines before the first are `start`."""
    found = []
    for section in split_before(lines, lambda line: line.startswith("#")):
        (head,), rest = spy(section)
        size = len(list(rest))
        if head.startswith("#"):
            found.append((head.lstrip("# "), size - 1))
        else:
            found.append(("start", size))
    return found
