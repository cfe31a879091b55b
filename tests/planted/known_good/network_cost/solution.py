"""What does it cost to join all houses with cable?"""

import networkx as nx


def network_cost(cables: list[tuple[str, str, int]]) -> tuple[int, list[tuple[str, str]]]:
    """The least total price and the cables to lay, sorted; -1 and nothing when some house stays apart."""
    street = nx.Graph()
    for one, other, price in cables:
        if not street.has_edge(one, other) or price < street[one][other]["weight"]:
            street.add_edge(one, other, weight=price)
    if len(street) == 0:
        return 0, []
    if not nx.is_connected(street):
        return -1, []
    laid = list(nx.minimum_spanning_edges(street))
    return sum(facts["weight"] for _, _, facts in laid), sorted(tuple(sorted(edge[:2])) for edge in laid)
