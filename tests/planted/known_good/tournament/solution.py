"""From a season of games to leagues."""

import networkx as nx


def tournament(wins: list[tuple[str, str]], most: int) -> list[list[str]]:
    """So many leagues from best to worst: players who beat each other in a circle share one."""
    games = nx.DiGraph()
    games.add_edges_from((winner, loser) for winner, loser in wins if winner != loser)
    order = nx.condensation(games)
    leagues = [sorted(order.nodes[league]["members"]) for league in nx.topological_sort(order)]
    return leagues[:most]
