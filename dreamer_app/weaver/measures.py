"""What every weaver measures of a scenario: how its APIs are related, and how hard it is."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from dreamer_app.core.types import Difficulty, Relation
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api


def related(apis: Sequence[Api], knowledge: KnowledgeGraph) -> tuple[Relation, ...]:
    """How the graph joins these APIs with each other."""
    found: list[Relation] = []
    for place, one in enumerate(apis):
        for other in apis[place + 1 :]:
            found.extend(knowledge.relations(one.key, other.key)[:3])
    return tuple(dict.fromkeys(found))


def difficulty_of(solution: str, apis: Sequence[Api], libraries: int, knowledge: KnowledgeGraph) -> Difficulty:
    """By size, number of APIs and libraries, and how seldom documentation shows them."""
    nodes = sum(1 for node in ast.walk(ast.parse(solution)) if isinstance(node, ast.expr))
    rarity = sum(knowledge.rarity(api.key) for api in apis) / len(apis)
    parts = {
        "size": round(min(1.0, nodes / 60), 3),
        "api_nodes": round(min(1.0, len(apis) / 5), 3),
        "libraries": round(min(1.0, (libraries - 1) / 2), 3),
        "rarity": round(min(1.0, max(0.0, rarity)), 3),
    }
    return Difficulty(score=round(sum(parts.values()) / len(parts), 3), parts=parts)
