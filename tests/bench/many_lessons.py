"""A base folder with 100,000 lessons, made once and kept under `.cache`: what searches are measured on.

The dreams behind the lessons have a row and no more, so that lessons and journal are in step.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from pathlib import Path

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.record import folders, read_record
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings.lessons import LessonSettings
from dreamer_app.core.types import Review
from dreamer_app.store.store import Store
from tests.bench.variants import variant

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".cache" / "bench" / "academy"
LESSONS = 100_000
BLOCK = 1_000
_ROW = """INSERT INTO dream (id, night_id, created_at, changed_at, state, review, tier, title, pattern, origin,
    scenario, requirements, provenance, cost) SELECT id, '', learned_at, learned_at, 'verified', 'approved', 'recorded',
    title, '', 'recorded', '{"difficulty": {"score": 0}}', '[]', '{}', '{}' FROM lesson"""


def many_lessons() -> DataPaths:
    """The base folder."""
    paths = DataPaths(PLACE)
    if not (PLACE / "complete").exists():
        shutil.rmtree(PLACE, ignore_errors=True)
        paths.create()
        _fill(paths)
        (PLACE / "complete").touch()
    return paths


def queries(store: Store, number: int) -> list[tuple[str, str]]:
    """Questions, each a lesson's title with its API's name in words, with the identifier of that lesson."""
    found = store.lessons.get(tuple(range(1, LESSONS + 1, LESSONS // number)))
    return [
        (f"{one.title} with {one.apis[0].rpartition('.')[2].replace('_', ' ')}", one.id)
        for _, one in sorted(found.items())
    ]


def _fill(paths: DataPaths) -> None:
    [folder] = folders(ROOT / "tests" / "planted" / "example")
    dream = read_record(folder).model_copy(update={"review": Review.APPROVED})
    store = Store(paths.database)
    lessons = LessonsStore(store.lessons, LessonSettings())
    rng = random.Random(1)
    started = time.perf_counter()
    for block in range(0, LESSONS, BLOCK):
        with store.transaction():
            for n in range(block, min(block + BLOCK, LESSONS)):
                lessons.learn(variant(dream, n, rng))
    learned = time.perf_counter() - started
    print(f"{LESSONS} lessons learned in {learned:.0f} s ({LESSONS / learned:.0f}/s)", flush=True)
    store.close()
    with sqlite3.connect(paths.database) as db:
        db.execute(_ROW)
    db.close()
