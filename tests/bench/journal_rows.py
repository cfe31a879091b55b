"""A journal of any size made of small true dreams: every tenth failed, words and libraries spread as in real nights."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dreamer_app.core.types import ApiUse, Dream, DreamState, LibraryPin, Night
from dreamer_app.store.store import Store
from tests import builders

LIBRARIES = [
    LibraryPin(name=name, version="1.0", license="MIT", import_names=(name.replace("-", "_"),))
    for name in ("textual", "rich", "more-itertools", "toolz", "networkx", "boltons", "pydantic", "httpx")
]
SUBJECTS = [
    "invoices",
    "words",
    "readings",
    "parcels",
    "seats",
    "recipes",
    "visitors",
    "tickets",
    "routes",
    "temperatures",
    "samples",
    "letters",
]
VERBS = ["Group", "Sort", "Count", "Log", "Merge", "Filter", "Rank", "Pair", "Window", "Render", "Check", "Split"]
DREAMS_A_NIGHT = 200
FIRST = datetime(2024, 1, 1, 2, tzinfo=UTC)


def dream(n: int, random_numbers: random.Random) -> Dream:
    """The n-th dream."""
    pins = tuple(random_numbers.sample(LIBRARIES, 1 if n % 3 else 2))
    verb, subject = random_numbers.choice(VERBS), random_numbers.choice(SUBJECTS)
    base = builders.scenario(1)
    scenario = base.model_copy(
        update={
            "title": f"{verb} the {subject} of list {n} and show what is left",
            "prompt": f"{base.prompt}\n\n{verb} {subject}. Case {n}.\n" + "Keep the order of what was given. " * 12,
            "libraries": pins,
            "uses_api": tuple(
                ApiUse(name=f"{pin.import_names[0]}.{verb.lower()}_{k}", library=pin.name, kind="function")
                for pin in pins
                for k in random_numbers.sample(range(40), 2)
            ),
        }
    )
    solution = f"{builders.candidate(1).solution}\n\ndef case_{n}({subject}):\n" + "    rows = sorted(rows)\n" * 12
    source = builders.failed(1, "G6" if n % 20 else "G9") if n % 10 == 0 else builders.verified(1)
    night = FIRST + timedelta(days=n // DREAMS_A_NIGHT)
    return source.model_copy(
        update={
            "id": f"{n:016x}",
            "night_id": f"{night:%Y%m%dT%H%M%SZ}-1",
            "created_at": night + timedelta(minutes=n % DREAMS_A_NIGHT),
            "scenario": scenario,
            "candidate": source.candidate.model_copy(update={"solution": solution}),
        }
    )


def fill(file: Path, dreams: int, batch: int = 2000) -> None:
    """Write a journal of this many dreams."""
    store = Store(file)
    random_numbers = random.Random(1)
    for start in range(0, dreams, batch):
        with store.transaction():
            for n in range(start, min(start + batch, dreams)):
                one = dream(n, random_numbers)
                if n % DREAMS_A_NIGHT == 0:
                    store.nights.open(
                        Night(id=one.night_id, started_at=one.created_at, libraries=tuple(LIBRARIES), seed=1)
                    )
                if one.state is DreamState.VERIFIED:
                    store.dreams.adopt(one)
                else:
                    store.dreams.begin(one.model_copy(update={"state": DreamState.RUNNING, "verdict": None}))
                    store.dreams.settle(one)
    store.close()
