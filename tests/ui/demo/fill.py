"""A journal to look at: the real dreams of `journal.json.gz`, replayed over several nights of one fixed week."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Dream, DreamState, LibraryPin, Night, NightEnd, Review
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.store.knowledge import FileRows, KnowledgeTables, NodeRow, SourceRow
from dreamer_app.store.records import ActionKind
from dreamer_app.store.store import Store
from dreamer_app.store.warmth import Warmth

FILE = Path(__file__).parent / "journal.json.gz"
MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
"""When somebody looks at it."""
SHARES = (2, 2, 3, 2, 3)
"""Dreams of the earlier nights; the rest is of the last one."""
STEP = timedelta(minutes=19)
WARMTH_STEP = timedelta(minutes=4)


class MorningClock(ManualClock):
    """A clock that stands at MORNING."""

    def __init__(self) -> None:
        super().__init__(MORNING)


def demo(base: Path) -> Dreamer:
    """A base folder full of dreams, opened."""
    content = json.loads(gzip.decompress(FILE.read_bytes()))
    paths = DataPaths(base)
    paths.create()
    _know(paths, content["knowledge"])
    dreams = [Dream.model_validate(one) for one in content["dreams"]]
    store = Store(paths.database, MorningClock())
    place = 0
    for n, share in enumerate([*SHARES, len(dreams) - sum(SHARES)]):
        start = (MORNING - timedelta(days=len(SHARES) + 1 - n)).replace(hour=23, minute=4)
        _night(store, start, dreams[place : place + share], last=n == len(SHARES))
        place += share
    _decide(store)
    store.close()
    return opened(base)


def opened(base: Path) -> Dreamer:
    """A base folder as it is, seen in the morning."""
    return Dreamer(DataPaths(base), _nobody, clock=MorningClock())


def _nobody() -> Any:
    raise AssertionError("the demo starts no worker")


def _night(store: Store, start: datetime, dreams: list[Dream], *, last: bool) -> None:
    night_id = f"{start:%Y%m%dT%H%M%S}.000Z-demo"
    pins: tuple[LibraryPin, ...] = tuple({pin.name: pin for one in dreams for pin in one.scenario.libraries}.values())
    store.nights.open(Night(id=night_id, started_at=start, libraries=pins, seed=7))
    at = start
    for dream in dreams:
        at += STEP
        moved = dream.model_copy(update={"night_id": night_id, "created_at": at, "review": Review.PENDING})
        if moved.state is DreamState.VERIFIED:
            store.dreams.adopt(moved)
        else:
            store.dreams.begin(moved.model_copy(update={"state": DreamState.RUNNING, "verdict": None}))
            store.dreams.settle(moved)
        with store.transaction() as db:
            db.execute("UPDATE dream SET changed_at = ? WHERE id = ?", ((at + STEP / 2).isoformat(), moved.id))
    peak = _warm(store, night_id, start, at + STEP)
    store.nights.close(night_id, NightEnd.WOKEN if last else NightEnd.TIME, {"peak_celsius": peak})
    with store.transaction() as db:
        db.execute("UPDATE night SET ended_at = ? WHERE id = ?", ((at + STEP).isoformat(), night_id))


def _warm(store: Store, night_id: str, start: datetime, end: datetime) -> float:
    """A processor that warms up under its workers and cools down when one of them is taken away."""
    values = []
    while start + len(values) * WARMTH_STEP < end:
        n = len(values)
        celsius = 44 + 30 * (1 - 0.8**n) + n * 7 % 5 - (6 if n % 23 > 17 else 0)
        values.append(Warmth(at=start + n * WARMTH_STEP, celsius=round(celsius)))
    store.warmth.add(night_id, values)
    return max(value.celsius for value in values)


def _decide(store: Store) -> None:
    """What somebody said about the earlier nights."""
    earlier = [
        line.id
        for line in sorted(store.dreams.list(), key=lambda one: one.created_at)
        if line.state is DreamState.VERIFIED
    ][: sum(SHARES) - 4]
    store.reviews.act(earlier[2:3], ActionKind.REJECT, Review.REJECTED, "too easy")
    store.reviews.act([*earlier[:2], *earlier[3:]], ActionKind.APPROVE, Review.APPROVED)


def _know(paths: DataPaths, knowledge: dict[str, Any]) -> None:
    tables = KnowledgeTables(paths.knowledge)
    for library, known in knowledge.items():
        source = SourceRow(library, known["version"], "pypi", f"pypi:{library}", "0" * 64, "MIT", "demo", {})
        nodes = [NodeRow(key, kind, key.rpartition(".")[2]) for key, kind in known["apis"]]
        nodes += [NodeRow(key, "example", "", body=body) for key, body in known["examples"].items()]
        tables.replace(source, [FileRows("demo", "0" * 64, "demo", "{}", nodes=nodes, digest="demo")])
    tables.close()
