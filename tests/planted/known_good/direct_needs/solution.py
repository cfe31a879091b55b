"""What is really needed?"""

import networkx as nx


def direct_needs(needs: list[tuple[str, str]]) -> dict[str, str]:
    """What each part needs directly, once what follows from other needs is left out."""
    kept = nx.transitive_reduction(nx.DiGraph(needs))
    return {part: " and ".join(sorted(kept[part])) for part in sorted(kept) if len(kept[part]) > 0}
