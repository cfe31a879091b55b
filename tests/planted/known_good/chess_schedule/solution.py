"""How many rounds do the games need?"""

import networkx as nx


def chess_schedule(games: list[tuple[str, str]]) -> list[list[str]]:
    """Games in rounds in which nobody plays twice; in a row of players two rounds are enough."""
    club = nx.Graph(games)
    clashes = nx.line_graph(club)
    rounds: dict[int, list[str]] = {}
    for game, number in nx.greedy_color(clashes, strategy="connected_sequential_bfs").items():
        rounds.setdefault(number, []).append(" vs ".join(sorted(game)))
    return sorted(sorted(round_) for round_ in rounds.values())
