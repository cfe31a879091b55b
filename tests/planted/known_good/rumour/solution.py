"""How does a rumour spread?"""

import networkx as nx


def rumour(talks: list[tuple[str, str]], teller: str, days: int) -> list[list[str]]:
    """Who hears it on which day, from day 0; each day everybody tells all whom they talk to."""
    village = nx.Graph()
    village.add_node(teller)
    village.add_edges_from(talks)
    known = nx.single_source_shortest_path_length(village, teller, cutoff=days)
    heard = [[] for _ in range(days + 1)]
    for person, day in known.items():
        heard[day].append(person)
    return [sorted(people) for people in heard if people]
