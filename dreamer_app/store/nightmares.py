"""What does not hold: documentation examples that do not run, and dreams that another version breaks. Rows only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import Frozen, LibraryPin
from dreamer_app.store.connection import Connection

NightmareKind = Literal["example", "dream"]


class Nightmare(Frozen):
    """One thing that does not hold.

    Attributes:
        kind: A documentation example, or a dream under another version than it was proved with.
        key: Of the example's node, or the dream's identifier.
        title: What it is about.
        version: Of the library that it was run with.
        place: File and line of an example; the versions that a dream was proved with.
        why: `raises`, `differs` (documented output), `hangs`, `crashes`, or the gate that a dream fails.
        error: What was seen.
        reproduction: A program as short as it was found to be that still shows it.
    """

    kind: NightmareKind
    key: str
    title: str
    version: str
    place: str
    why: str
    error: str
    reproduction: str


class ExampleRun(Frozen):
    """One run of all documentation examples of a library.

    Attributes:
        version: Exact version.
        ran_at: Timezone-aware UTC.
        counts: Examples by what became of them: `held`, `broken`, `varies`, `fragment`, `needs`.
    """

    version: str
    ran_at: datetime
    counts: Mapping[str, int]


class NightmareTable:
    """Nightmares, and the runs that found them."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def keep_run(self, pin: LibraryPin, found: Iterable[Nightmare], counts: Mapping[str, int]) -> None:
        """Keep what a run of all examples of a library found, in the place of what an earlier one did."""
        now = self._clock.now().isoformat()
        with self._connection.transaction() as db:
            db.execute("DELETE FROM nightmare WHERE library = ? AND kind = 'example'", (pin.name,))
            db.execute(
                "INSERT OR REPLACE INTO example_run VALUES (?, ?, ?, ?)",
                (pin.name, pin.version, now, json.dumps(dict(counts), sort_keys=True)),
            )
            for one in found:
                self.keep(pin.name, one)

    def keep(self, library: str, nightmare: Nightmare) -> None:
        """Keep one; what was known of the same example or dream is replaced."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO nightmare VALUES (?, ?, ?, ?, ?, ?)",
                (
                    library,
                    nightmare.kind,
                    nightmare.key,
                    nightmare.version,
                    self._clock.now().isoformat(),
                    nightmare.model_dump_json(),
                ),
            )

    def over(self, library: str, kind: NightmareKind, key: str) -> None:
        """It holds again."""
        with self._connection.transaction() as db:
            db.execute("DELETE FROM nightmare WHERE library = ? AND kind = ? AND key = ?", (library, kind, key))

    def of(self, library: str) -> tuple[Nightmare, ...]:
        """Nightmares of a library, examples first, in the order of their keys."""
        found = self._connection.read(
            "SELECT body FROM nightmare WHERE library = ? ORDER BY kind DESC, key", (library,)
        )
        return tuple(Nightmare.model_validate_json(row["body"]) for row in found)

    def of_dream(self, dream_id: str) -> tuple[Nightmare, ...]:
        """What is known of one dream under other versions."""
        found = self._connection.read(
            "SELECT body FROM nightmare WHERE kind = 'dream' AND key = ? ORDER BY library", (dream_id,)
        )
        return tuple(Nightmare.model_validate_json(row["body"]) for row in found)

    def count(self, library: str) -> int:
        """How many there are of a library."""
        return int(self._connection.read("SELECT count(*) AS n FROM nightmare WHERE library = ?", (library,))[0]["n"])

    def run_of(self, library: str) -> ExampleRun | None:
        """The latest run of a library's examples."""
        found = self._connection.read("SELECT version, ran_at, counts FROM example_run WHERE library = ?", (library,))
        if not found:
            return None
        row = found[0]
        ran_at = datetime.fromisoformat(row["ran_at"])
        return ExampleRun(version=row["version"], ran_at=ran_at, counts=json.loads(row["counts"]))

    def libraries(self) -> tuple[str, ...]:
        """Libraries of which anything is known here, by name."""
        found = self._connection.read("SELECT library FROM nightmare UNION SELECT library FROM example_run ORDER BY 1")
        return tuple(row["library"] for row in found)
