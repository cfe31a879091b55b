"""Can rivals be split into two teams?"""

import networkx as nx
from networkx.algorithms import bipartite


def two_teams(rivals: list[tuple[str, str]]) -> tuple[list[str], list[str]] | None:
    """Two teams without rivals inside, of each group the side of its first name in the first; None when impossible."""
    feud = nx.Graph(rivals)
    if not nx.is_bipartite(feud):
        return None
    first, second = [], []
    for group in nx.connected_components(feud):
        left, right = sorted(bipartite.sets(feud.subgraph(group)), key=min)
        first.extend(left)
        second.extend(right)
    return sorted(first), sorted(second)
