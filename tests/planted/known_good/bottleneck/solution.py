"""Which pipes limit the flow?"""

import networkx as nx


def bottleneck(pipes: list[tuple[str, str, int]], source: str, sink: str) -> tuple[int, list[tuple[str, str]]]:
    """The greatest flow from source to sink, and the pipes of a cut that allows no more."""
    net = nx.DiGraph()
    net.add_nodes_from([source, sink])
    for start, end, width in pipes:
        net.add_edge(start, end, capacity=width)
    if not nx.has_path(net, source, sink):
        return 0, []
    flow, (near, far) = nx.minimum_cut(net, source, sink)
    return flow, sorted((start, end) for start, end, _ in pipes if start in near and end in far)
