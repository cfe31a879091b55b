"""In which order can courses be taken?"""

import networkx as nx


def course_order(needs: dict[str, list[str]]) -> list[str] | None:
    """Every course after those that it needs, otherwise by name; None when needs go round in a circle."""
    plan = nx.DiGraph()
    for course, before in needs.items():
        plan.add_node(course)
        for earlier in before:
            plan.add_edge(earlier, course)
    if not nx.is_directed_acyclic_graph(plan):
        return None
    return list(nx.lexicographical_topological_sort(plan))
