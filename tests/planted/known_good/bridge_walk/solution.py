"""Across every bridge"""

import networkx as nx


def bridge_walk(bridges: list[tuple[str, str]]) -> str:
    """Whether a walk can cross every bridge once, and how many towns have an odd number of bridges."""
    town = nx.MultiGraph(bridges)
    odd = sum(count % 2 for _, count in town.degree)
    if nx.is_eulerian(town):
        return "round trip"
    return f"one way, {odd} odd" if nx.has_eulerian_path(town) else f"impossible, {odd} odd"
