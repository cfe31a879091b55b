"""How long the journal's list takes to answer with 100,000 dreams in it: opening, searching, pages, counts, a decision.

Making the rows takes some minutes; DREAMER_BENCH_JOURNAL names another number of them.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dreamer_app.core.journal_query import parse
from dreamer_app.core.types import Review
from dreamer_app.store.records import ActionKind
from dreamer_app.store.store import Store
from tests.bench.journal_rows import fill

DREAMS = int(os.environ.get("DREAMER_BENCH_JOURNAL", "100000"))
QUERIES = ("", "review:pending", "lib:rich", "gate:g6", "difficulty:>0.3", "api:rich.sort", "case_777", "invoices", "s")


def measured(name: str, work: Callable[[], object], goal: float) -> None:
    """Print the best and the worst of five."""
    found = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    print(f"{name:32} {min(found):8.1f} {max(found):8.1f} ms   (at most {goal:.0f})")


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dreamer.sqlite"
        fill(file, DREAMS)
        store = Store(file)
        ids = store.listing.ids(parse(""))
        for query in QUERIES:
            measured(query or "open", lambda query=query: store.listing.ids(parse(query)), 150 if query else 300)
        measured("End: one page", lambda: store.listing.page(ids[-64:]), 100)
        measured("counts by state", store.listing.states, 100)
        measured("approve", lambda: store.reviews.act(ids[1:2], ActionKind.APPROVE, Review.APPROVED), 50)
        store.close()
