"""How large are the islands?"""

import networkx as nx


def islands(rows: list[str]) -> list[int]:
    """How large the islands of a map are, the largest first; land marked # hangs together along sides."""
    land = nx.Graph()
    for y, row in enumerate(rows):
        for x, field in enumerate(row):
            if field == "#":
                land.add_node((x, y))
                for neighbour in ((x - 1, y), (x, y - 1)):
                    if neighbour in land:
                        land.add_edge((x, y), neighbour)
    return sorted(map(len, nx.connected_components(land)), reverse=True)
