"""Who is related in a straight line?"""

import networkx as nx


def family_line(children: dict[str, list[str]], person: str) -> dict[str, list[str]]:
    """Everybody before and after a person in the family tree; a person nobody knows has nobody."""
    tree = nx.DiGraph(children)
    if person not in tree:
        return {"before": [], "after": []}
    return {"before": sorted(nx.ancestors(tree, person)), "after": sorted(nx.descendants(tree, person))}
