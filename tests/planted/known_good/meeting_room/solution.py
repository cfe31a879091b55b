"""Where do we meet?"""

import networkx as nx


def meeting_room(doors: list[tuple[str, str]]) -> list[str]:
    """The rooms in the middle, in order, with how many doors the farthest room is away."""
    floor = nx.Graph(doors)
    far = nx.radius(floor)
    words = "1 door" if far == 1 else f"{far} doors"
    return [f"{room}: {words}" for room in sorted(nx.center(floor))]
