"""Is there enough water?"""

import networkx as nx


def water_supply(pipes: list[tuple[str, str, int]], spring: str, town: str) -> int:
    """How much water gets from the spring to the town through pipes of limited width."""
    net = nx.DiGraph()
    net.add_nodes_from([spring, town])
    for start, end, width in pipes:
        net.add_edge(start, end, capacity=width)
    return nx.maximum_flow_value(net, spring, town)
