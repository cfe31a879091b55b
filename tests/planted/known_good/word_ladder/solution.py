"""From word to word, one letter at a time."""

from itertools import combinations, pairwise

import networkx as nx


def word_ladder(words: list[str], start: str, end: str) -> list[str]:
    """The changes on a shortest way between two words, like `c>b` for cat to bat; nothing when there is no way."""
    steps = nx.Graph()
    steps.add_nodes_from([*words, start, end])
    for one, other in combinations(list(steps), 2):
        if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
            steps.add_edge(one, other)
    if not nx.has_path(steps, start, end):
        return []
    way = nx.shortest_path(steps, start, end)
    return ["".join(f"{a}>{b}" for a, b in zip(one, other, strict=True) if a != b) for one, other in pairwise(way)]
