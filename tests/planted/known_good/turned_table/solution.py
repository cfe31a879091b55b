"""Rows become columns"""

from more_itertools import padded, transpose


def turned_table(rows: list[list[str]], fill: str) -> list[str]:
    """A table with rows and columns exchanged; short rows are filled up first."""
    width = max(map(len, rows), default=0)
    full = [list(padded(row, fill, n=width)) for row in rows]
    return [" | ".join(column) for column in transpose(full)]
