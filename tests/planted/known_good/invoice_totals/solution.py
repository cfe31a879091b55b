"""What does every customer owe?"""

from toolz import reduceby, valmap


def invoice_totals(lines: list[tuple[str, int, int]], rebate_from: int) -> dict[str, int]:
    """Cents owed by customer, lines being (customer, pieces, cents each); 10 % off from a total on."""
    totals = reduceby(lambda line: line[0], lambda total, line: total + line[1] * line[2], lines, 0)
    return valmap(lambda total: total - total // 10 if total >= rebate_from else total, totals)
