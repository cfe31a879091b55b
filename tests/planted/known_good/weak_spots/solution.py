"""Which stations and lines must not fail?"""

import networkx as nx


def weak_spots(lines: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Stations and lines without which some travellers could not get through any more."""
    net = nx.Graph(lines)
    return {
        "stations": sorted(nx.articulation_points(net)),
        "lines": sorted("-".join(sorted(line)) for line in nx.bridges(net)),
    }
