"""A budget in a few lines."""

from boltons.strutils import cardinalize
from toolz import reduceby


def budget_report(spent: list[tuple[str, int]], limit: int) -> list[str]:
    """Per month how many coins were spent, months in order, and by how many too many where it is over the limit."""
    totals = reduceby(lambda one: one[0], lambda total, one: total + one[1], spent, 0)
    lines = []
    for month in sorted(totals):
        total = totals[month]
        line = f"{month}: {total} {cardinalize('coin', total)}"
        lines.append(f"{line}, {total - limit} over" if total > limit else line)
    return lines
