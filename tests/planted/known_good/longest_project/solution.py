"""How long does a project take?"""

import networkx as nx


def longest_project(days: dict[str, int], after: list[tuple[str, str]]) -> tuple[int, list[str]]:
    """Days from the first step to the last, and the steps that decide it; each pair says what must come first."""
    plan = nx.DiGraph()
    for step, length in days.items():
        plan.add_edge("begin", step, weight=0)
        plan.add_edge(step, "end", weight=length)
    for first, then in after:
        plan.add_edge(first, then, weight=days[first])
    critical = nx.dag_longest_path(plan)
    return nx.dag_longest_path_length(plan), critical[1:-1]
