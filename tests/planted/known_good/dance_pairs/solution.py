"""Who dances with whom?"""

import networkx as nx


def dance_pairs(likes: list[tuple[str, str, int]]) -> tuple[int, list[tuple[str, str]]]:
    """How well the best pairing likes each other in all, and its pairs in order; nobody is in two."""
    hall = nx.Graph()
    hall.add_weighted_edges_from(likes)
    pairs = sorted((min(pair), max(pair)) for pair in nx.max_weight_matching(hall))
    return sum(hall[one][other]["weight"] for one, other in pairs), pairs
