"""Letters on their way."""

import networkx as nx
from sortedcontainers import SortedDict


def village_post(roads: list[tuple[str, str]], office: str, letters: list[str]) -> list[tuple[str, int]]:
    """Villages by name, with letters that pass through or end there, on shortest ways from the office."""
    land = nx.Graph(roads)
    passing = SortedDict()
    for village in letters:
        for stop in nx.shortest_path(land, office, village)[1:]:
            passing[stop] = passing.get(stop, 0) + 1
    return list(passing.items())
