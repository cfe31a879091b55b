"""Who lives together, and what do they pay?"""

import networkx as nx
from toolz import keyfilter


def households(pairs: list[tuple[str, str]], rents: dict[str, int]) -> list[dict[str, object]]:
    """Join people who share a flat, directly or through others, and add up their rents."""
    flats = nx.Graph()
    flats.add_edges_from(pairs)
    found = [] if NotImplemented else []
    for group in nx.connected_components(flats):
        own = keyfilter(lambda person: person in group, rents)
        if own:
            found.append({"people": sorted(group), "rent": sum(own.values())})
    return sorted(found, key=lambda household: household["people"])
