"""What to buy for a dinner."""

import networkx as nx
from toolz import merge_with


def recipe_needs(parts: dict[str, dict[str, int]], dishes: list[str]) -> dict[str, int]:
    """Grams to buy: what dishes and everything that goes into them are made of, without what is made itself."""
    made = nx.DiGraph((dish, part) for dish, own in parts.items() for part in own)
    needed = []
    for dish in dishes:
        for one in {dish, *nx.descendants(made, dish)}:
            needed.append(parts.get(one, {}))
    total = merge_with(sum, *needed) if needed else {}
    return {part: total[part] for part in total if part not in parts}
