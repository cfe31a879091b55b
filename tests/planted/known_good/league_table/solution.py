"""Points of a season from its halves."""

from toolz import merge_with, valmap


def league_table(halves: list[dict[str, int]], penalty: dict[str, int]) -> list[tuple[str, int, int]]:
    """Team, points and best half, best first, then by name; points are taken from those with a penalty."""
    points = merge_with(list, *halves)
    rows = valmap(lambda found: (sum(found), max(found)), points)
    table = [(team, total - penalty.get(team, 0), best) for team, (total, best) in rows.items()]
    return sorted(table, key=lambda row: (-row[1], row[0]))
