"""Gathers the demo journal from a base folder in which `dreamer night` ran: real dreams, proved or stopped.

    python -m tests.ui.demo.gather BASE

writes `journal.json.gz` beside this file, which `fill` turns into a base folder again.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState
from dreamer_app.store.knowledge import KnowledgeTables
from dreamer_app.store.store import Store

FILE = Path(__file__).parent / "journal.json.gz"
API_KINDS = ("class", "function", "method")


def gather(base: Path) -> None:
    """Write the file."""
    paths = DataPaths(base)
    store, tables = Store(paths.database), KnowledgeTables(paths.knowledge)
    dreams = []
    for line in sorted(store.dreams.list(), key=lambda one: one.created_at):
        dream = store.dreams.get(line.id)
        if dream is not None and dream.state in {DreamState.VERIFIED, DreamState.FAILED}:
            dreams.append(dream)
    examples = {dream.scenario.triviality.nearest_example for dream in dreams}
    examples |= {
        receipt.evidence.get("nearest_example")
        for dream in dreams
        if dream.verdict is not None
        for receipt in dream.verdict.receipts
    }
    known = {}
    for source in tables.sources():
        nodes = tables.nodes(source.lib, (*API_KINDS, "example"))
        known[source.lib] = {
            "version": source.version,
            "apis": [(node.key, node.kind) for node in nodes if node.kind in API_KINDS],
            "examples": {
                node.key: node.body for node in tables.nodes(source.lib, ("example",)) if node.key in examples
            },
        }
    content = {"dreams": [dream.model_dump(mode="json") for dream in dreams], "knowledge": known}
    FILE.write_bytes(gzip.compress(json.dumps(content, sort_keys=True).encode(), mtime=0))
    print(f"{len(dreams)} dreams, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
