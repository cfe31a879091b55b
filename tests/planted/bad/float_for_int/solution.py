import networkx as nx


def cheapest_route(roads: list[tuple[str, str, int]], start: str, end: str) -> tuple[int, list[str]]:
    """Toll and towns of the cheapest route; a toll of -1 when there is no way."""
    land = nx.Graph()
    land.add_weighted_edges_from(roads, weight="toll")
    try:
        route = nx.dijkstra_path(land, start, end, weight="toll")
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return -1, []
    return nx.path_weight(land, route, "toll") / 1, route
