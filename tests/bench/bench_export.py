"""How fast every format streams, and that ten times as many dreams need no more memory.

A program of its own exports each, so that its peak memory is its own: of 10,000 dreams and of 100,000. The dreams are a
thousand variants of one real dream, each ten or a hundred times under another identifier. DREAMER_BENCH_EXPORT names
formats, where not all are to be measured. `package` makes two files of every dream, which is as fast as the disk makes
files, and is measured with the smaller number alone.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dreamer_app.academy.exports.formats import FORMATS
from dreamer_app.academy.record import folders, read_record
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.interpreter import collect_seldom
from dreamer_app.core.types import Dream, Review
from dreamer_app.service.academy import Academy
from dreamer_app.store.store import Store
from tests.bench.variants import variant
from tests.service.fakes import FakeGraph

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 100_000)
VARIANTS = 1_000
CHOSEN = os.environ.get("DREAMER_BENCH_EXPORT", " ".join(FORMATS)).split()


def main() -> None:
    """Print a table."""
    print(f"{'format':12} {'dreams':>8} {'a second':>9} {'peak MB':>8}   (goal: 5000 a second, the same peak)")
    with tempfile.TemporaryDirectory() as place:
        for dreams in SIZES:
            journal = Path(place) / f"{dreams}.sqlite"
            fill(journal, dreams)
            for name in CHOSEN:
                if name == "package" and dreams > SIZES[0]:
                    continue
                out = Path(place) / "out"
                command = [sys.executable, "-m", "tests.bench.bench_export", str(journal), name, str(out)]
                done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
                found = json.loads(done.stdout)
                rate = found["dreams"] / found["seconds"]
                print(f"{name:12} {found['dreams']:8} {rate:9.0f} {found['peak_mb']:8.0f}", flush=True)
                shutil.rmtree(out)
            journal.unlink()


def fill(file: Path, dreams: int) -> None:
    """Make a journal; the copies of a variant are made in the database, as what they say does not matter."""
    [folder] = folders(ROOT / "tests" / "planted" / "example")
    real: Dream = read_record(folder).model_copy(update={"review": Review.APPROVED})
    rng = random.Random(2)
    store = Store(file)
    with store.transaction():
        for n in range(VARIANTS):
            store.dreams.adopt(variant(real, n, rng))
    store.close()
    db = sqlite3.connect(file)
    originals = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in _KEYS}
    for k in range(1, dreams // VARIANTS):
        for table, (key, number) in _KEYS.items():
            db.executemany(
                f"INSERT INTO {table} VALUES ({', '.join('?' * len(originals[table][0]))})",
                [_copied(row, k, key, number, len(originals["attempt"])) for row in originals[table]],
            )
    db.commit()
    db.close()


_KEYS = {
    "dream": (0, None),
    "dream_library": (0, None),
    "dream_api": (0, None),
    "attempt": (1, 0),
    "receipt": (None, 0),
}
"""Tables of a dream, with the places of its identifier and of its attempt's number in their rows."""


def _copied(row: tuple[Any, ...], k: int, key: int | None, number: int | None, attempts: int) -> tuple[Any, ...]:
    """A row of the k-th copy."""
    values = list(row)
    if key is not None:
        values[key] = f"{(int(values[key], 16) + k * 0x9E3779B97F4A7C15) % 2**64:016x}"
    if number is not None:
        values[number] += k * attempts
    return tuple(values)


def export(journal: Path, name: str, out: Path) -> None:
    """What the program of its own does: export, and print how it went as JSON."""
    collect_seldom()  # as the program itself
    store = Store(journal)
    academy = Academy(store, lambda: FakeGraph(()), SystemClock())
    started = time.perf_counter()
    report = academy.export(ExportOrder(format=name), out)
    seconds = time.perf_counter() - started
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(json.dumps({"dreams": report.dreams, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        export(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    else:
        main()
