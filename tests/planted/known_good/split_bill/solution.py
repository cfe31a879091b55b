"""Expenses by kind, in pages."""

from boltons.iterutils import bucketize, chunked


def split_bill(costs: list[tuple[str, int]], rows: int) -> dict[str, list[list[int]]]:
    """Amounts by kind of expense, in pages of so many rows, the largest first; refunds are of the kind `back`."""
    kinds = bucketize(costs, key=lambda cost: cost[0] if cost[1] >= 0 else "back", value_transform=lambda cost: cost[1])
    return {kind: list(chunked(sorted(amounts, reverse=True), rows)) for kind, amounts in sorted(kinds.items())}
