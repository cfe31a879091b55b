import networkx as nx
from toolz import keyfilter


def households(pairs: list[tuple[str, str]], rents: dict[str, int]) -> list[dict[str, object]]:
    """Join people who share a flat, directly or through others, and add up their rents."""
    flats = nx.Graph()
    flats.add_edges_from(pairs)
    groups: list[set[str]] = []
    for one, other in pairs:
        touched = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in touched]
        groups.append({one, other}.union(*touched))
    found = []
    for group in groups:
        own = {person: rent for person, rent in rents.items() if person in group}
        if own:
            found.append({"people": sorted(group), "rent": sum(own.values())})
    list(nx.connected_components(flats))
    keyfilter(bool, rents)
    return sorted(found, key=lambda household: household["people"])
