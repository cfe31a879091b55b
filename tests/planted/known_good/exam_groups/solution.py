"""Groups of mixed skill."""

from more_itertools import divide
from toolz import concat, groupby


def exam_groups(marks: dict[str, int], groups: int) -> list[list[str]]:
    """Pupils divided evenly, the best in the first group; those with equal marks stand together, by name."""
    by_mark = groupby(lambda pupil: marks[pupil], sorted(marks))
    ranked = concat(by_mark[mark] for mark in sorted(by_mark))
    return [list(group) for group in divide(groups, ranked)]
