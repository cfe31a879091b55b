import networkx as nx
from toolz import first


def cheapest_route(roads: list[tuple[str, str, int]], start: str, end: str) -> tuple[int, list[str]]:
    """Toll and towns of the cheapest route; a toll of -1 when there is no way."""
    land = nx.Graph()
    for one, other, toll in roads:
        land.add_edge(one, other, toll=toll)
    try:
        route = nx.dijkstra_path(land, start, end, weight="toll")
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return -1, []
    return sum(land[one][other]["toll"] for one, other in zip(route, route[1:])), first([route])
