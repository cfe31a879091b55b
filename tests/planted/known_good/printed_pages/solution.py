"""Onto pages"""

from toolz import partition_all, remove


def printed_pages(lines: list[str], size: int) -> list[list[str]]:
    """Lines that are not empty, on pages of so many lines."""
    written = remove(lambda line: not line.strip(), lines)
    return [list(page) for page in partition_all(size, written)]
