"""Whom may one know?"""

import networkx as nx


def friend_suggestions(friends: list[tuple[str, str]], person: str, least: int) -> list[tuple[str, int]]:
    """Strangers with at least so many common friends, most first, then by name."""
    circle = nx.Graph(friends)
    if person not in circle:
        return []
    counted = [
        (other, len(list(nx.common_neighbors(circle, person, other)))) for other in nx.non_neighbors(circle, person)
    ]
    return sorted([one for one in counted if one[1] >= least], key=lambda one: (-one[1], one[0]))
