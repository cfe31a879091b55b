"""Which community or bridge of the knowledge graph a combination of APIs belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api


def cluster_of(apis: Sequence[Api], libraries: Sequence[str], knowledge: KnowledgeGraph) -> str:
    """The identifier of the cluster over just the libraries of these APIs that holds most of them.

    Args:
        apis: What a scenario needs.
        libraries: All libraries under study.
        knowledge: The graph.
    """
    used = sorted({api.library for api in apis})
    keys = {api.key for api in apis}
    fitting = [cluster for cluster in knowledge.clusters(libraries) if sorted(cluster.libraries) == used]
    if not fitting:
        return f"{'bridge' if len(used) > 1 else 'community'}:{'+'.join(used)}"
    return max(fitting, key=lambda cluster: (len(keys.intersection(cluster.apis)), -len(cluster.apis))).id
