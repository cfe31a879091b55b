"""Dreams through their machine-given states: running, then verified, failed or interrupted.

A dream's identifier is the digest of what it asks for and the table's key, so no dream can be there twice. A person's
word lives in `store.reviews`; nothing here runs code or touches the dream folders.
"""

from __future__ import annotations

from collections.abc import Collection

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import Candidate, Dream, DreamState, LibraryPin, Review, Scenario, WovenScenario
from dreamer_app.store import rows
from dreamer_app.store.attempts import AttemptTable
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import DreamFilter, DreamSummary, Interrupted
from dreamer_app.store.search import SearchTable

GIVE_UP_AFTER = 3
"""A trial that lost its workers this often is not tried again: one candidate must not hold up every night."""


class DreamTable:
    """The journal's dreams."""

    def __init__(self, connection: Connection, attempts: AttemptTable, search: SearchTable, clock: Clock) -> None:
        self._connection = connection
        self._attempts = attempts
        self._search = search
        self._clock = clock

    def begin(self, dream: Dream) -> bool:
        """Write a dream as running, before anything is run for it.

        Returns:
            False when it was settled or is running already; then nothing is written.
        """
        with self._connection.transaction() as db:
            found = db.execute("SELECT state FROM dream WHERE id = ?", (dream.id,)).fetchone()
            if found is not None and found["state"] != DreamState.INTERRUPTED:
                return False
            if found is None:
                self._insert(dream)
            else:
                db.execute(
                    "UPDATE dream SET state = 'running', night_id = :night_id, created_at = :created_at, "
                    "changed_at = :changed_at, provenance = :provenance, requirements = :requirements WHERE id = :id",
                    rows.dream_values(dream, self._clock.now()),
                )
            self._attempts.begin(dream.id, dream.candidate, dream.created_at)
            return True

    def begin_as(self, dream_id: str, dream: Dream) -> bool:
        """A running trial has another candidate, or is about a scenario that its coder has mended.

        Returns:
            False when what it has become is known already; then the trial is gone.
        """
        with self._connection.transaction() as db:
            if dream.id != dream_id:
                db.execute("DELETE FROM dream_text WHERE rowid = (SELECT text_id FROM dream WHERE id = ?)", (dream_id,))
                db.execute("DELETE FROM dream WHERE id = ? AND state = 'running'", (dream_id,))
                return self.begin(dream)
            db.execute(
                "UPDATE dream SET scenario = :scenario, difficulty = :score WHERE id = :id",
                {
                    "scenario": dream.scenario.model_dump_json(),
                    "score": dream.scenario.difficulty.score,
                    "id": dream.id,
                },
            )
            attempt = self._attempts.deciding(dream.id)
            if attempt is None or attempt[0]["solution"] != dream.candidate.solution:
                self._attempts.begin(dream.id, dream.candidate, dream.created_at)
            return True

    def settle(self, dream: Dream) -> bool:
        """Write the verdict of a running dream, with every receipt.

        Returns:
            False when the dream is not running (any more); then nothing is written.

        Raises:
            ValueError: The dream carries no verdict, or a state that contradicts it.
        """
        _check(dream)
        with self._connection.transaction() as db:
            found = db.execute("SELECT state FROM dream WHERE id = ?", (dream.id,)).fetchone()
            if found is None or found["state"] != DreamState.RUNNING:
                return False
            self._write_verdict(dream)
            return True

    def adopt(self, dream: Dream) -> bool:
        """Take in a verified dream whose folder is there but whose row is not, or was never settled.

        Returns:
            False when it is verified already.
        """
        _check(dream)
        with self._connection.transaction() as db:
            found = db.execute("SELECT state FROM dream WHERE id = ?", (dream.id,)).fetchone()
            if found is not None and found["state"] == DreamState.VERIFIED:
                return False
            if found is None:
                self._insert(dream)
            self._attempts.begin(dream.id, dream.candidate, dream.created_at)
            self._write_verdict(dream)
            db.execute("UPDATE dream SET review = ? WHERE id = ?", (dream.review.value, dream.id))
            return True

    def take_edit(self, dream: Dream) -> bool:
        """Keep a person's own solution with its verdict as a further attempt.

        A proved one is from now on what the dream is, and needs a new word of the person; the original attempt stays.

        Args:
            dream: As it would be with the edited solution: candidate and verdict are its own.

        Returns:
            Whether it was proved.
        """
        assert dream.verdict is not None
        with self._connection.transaction() as db:
            attempt = self._attempts.begin(dream.id, dream.candidate, self._clock.now(), "edit")
            self._attempts.close(attempt, dream.verdict)
            if dream.verdict.accepted:
                values = rows.dream_values(dream, self._clock.now())
                db.execute(
                    "UPDATE dream SET state = 'verified', tier = :tier, stopped_by = NULL, changed_at = :changed_at, "
                    "requirements = :requirements, provenance = :provenance, folder_stale = 1 "
                    "WHERE id = :id",
                    values,
                )
                self._search.index(dream)
        return dream.verdict.accepted

    def interrupt(self, dream_id: str, *, blame: bool = False) -> bool:
        """Void a running trial: it is neither failed nor verified and may be dreamt again.

        Args:
            dream_id: The dream.
            blame: Its candidate may have killed its workers; after GIVE_UP_AFTER such ends it is left alone.

        Returns:
            False when it was not running; then nothing is written.
        """
        values = {"now": self._clock.now().isoformat(), "id": dream_id, "blame": int(blame)}
        with self._connection.transaction() as db:
            return db.execute(_INTERRUPT, values).rowcount > 0

    def interrupt_running(self) -> int:
        """Void every trial of a session that is dead. The caller holds the base folder's lock.

        Returns:
            How many.
        """
        with self._connection.transaction() as db:
            return db.execute(_INTERRUPT, {"now": self._clock.now().isoformat(), "id": None, "blame": 0}).rowcount

    def get(self, dream_id: str) -> Dream | None:
        """One dream with the verdict that decided it."""
        found = self._connection.read("SELECT * FROM dream WHERE id = ?", (dream_id,))
        attempt = self._attempts.deciding(dream_id)
        return rows.dream(found[0], *attempt) if found and attempt else None

    def matching(self, start: str) -> tuple[str, ...]:
        """Identifiers that begin with these characters, at most ten."""
        found = self._connection.read(
            "SELECT id FROM dream WHERE id >= ? AND id < ? ORDER BY id LIMIT 10", (start, start + "\U0010ffff")
        )
        return tuple(row["id"] for row in found)

    def list(self, wanted: DreamFilter | None = None) -> tuple[DreamSummary, ...]:
        """Summaries, newest first; all of them without a filter."""
        wanted = wanted or DreamFilter()
        found = self._connection.read(
            """SELECT * FROM dream_summary WHERE (:state IS NULL OR state = :state)
            AND (:review IS NULL OR review = :review) AND (:night_id IS NULL OR night_id = :night_id)
            AND (:library IS NULL OR id IN (SELECT dream_id FROM dream_library WHERE name = :library))
            ORDER BY created_at DESC, id LIMIT :limit""",
            wanted.model_dump(mode="json") | {"limit": -1 if wanted.limit is None else wanted.limit},
        )
        return tuple(rows.summary(row) for row in found)

    def ids(self, state: DreamState) -> frozenset[str]:
        """Identifiers of all dreams in one state."""
        found = self._connection.read("SELECT id FROM dream WHERE state = ?", (state.value,))
        return frozenset(row["id"] for row in found)

    def known(self) -> frozenset[str]:
        """Identifiers that must not be dreamt (again): settled, running, given up, cleaned, or sealed for measuring."""
        found = self._connection.read(
            "SELECT id FROM dream WHERE state != 'interrupted' OR voided >= ? UNION SELECT id FROM sealed_task "
            "UNION SELECT dream_id FROM cleaned",
            (GIVE_UP_AFTER,),
        )
        return frozenset(row["id"] for row in found)

    def waiting(self, libraries: Collection[LibraryPin]) -> tuple[Interrupted, ...]:
        """Interrupted trials that need nothing but these libraries at these versions, oldest first."""
        have = {(pin.name, pin.version) for pin in libraries}
        found = self._connection.read(
            "SELECT id, voided, scenario FROM dream WHERE state = 'interrupted' AND voided < ? ORDER BY created_at, id",
            (GIVE_UP_AFTER,),
        )
        waiting = (
            Interrupted(
                id=row["id"],
                voided=row["voided"],
                libraries=Scenario.model_validate_json(row["scenario"]).libraries,
            )
            for row in found
        )
        return tuple(trial for trial in waiting if {(pin.name, pin.version) for pin in trial.libraries} <= have)

    def woven(self, dream_id: str) -> WovenScenario | None:
        """What a dream was woven as, to dream it again."""
        found = self._connection.read("SELECT scenario FROM dream WHERE id = ?", (dream_id,))
        attempt = self._attempts.deciding(dream_id)
        if not found or attempt is None:
            return None
        row = attempt[0]
        candidate = Candidate(solution=row["solution"], coder=row["coder"])
        return WovenScenario(scenario=Scenario.model_validate_json(found[0]["scenario"]), reference=candidate)

    def stale_folders(self) -> frozenset[str]:
        """Verified dreams whose folder does not carry the latest decision yet."""
        return frozenset(row["id"] for row in self._connection.read("SELECT id FROM dream WHERE folder_stale = 1"))

    def folder_written(self, dream_id: str, review: Review | None = None) -> None:
        """The folder carries what the row says; with a review given, only if the row still says that."""
        with self._connection.transaction() as db:
            db.execute(
                "UPDATE dream SET folder_stale = 0 WHERE id = :id AND (:review IS NULL OR review = :review)",
                {"id": dream_id, "review": review.value if review else None},
            )

    def _insert(self, dream: Dream) -> None:
        with self._connection.transaction() as db:
            db.execute(
                """INSERT INTO dream (id, night_id, created_at, changed_at, state, review, tier, stopped_by, title,
                pattern, origin, difficulty, scenario, requirements, provenance, cost) VALUES (:id, :night_id,
                :created_at, :changed_at, :state, :review, :tier, :stopped_by, :title, :pattern, :origin,
                :difficulty, :scenario, :requirements, :provenance, :cost)""",
                rows.dream_values(dream, self._clock.now()),
            )
            db.executemany(
                "INSERT OR REPLACE INTO dream_library VALUES (?, ?, ?)",
                [(dream.id, pin.name, pin.version) for pin in dream.scenario.libraries],
            )
            db.executemany(
                "INSERT OR REPLACE INTO dream_api VALUES (?, ?, ?)",
                [(dream.id, use.name, use.library) for use in dream.scenario.uses_api],
            )
            self._search.index(dream)

    def _write_verdict(self, dream: Dream) -> None:
        values = rows.dream_values(dream, self._clock.now())
        with self._connection.transaction() as db:
            db.execute(
                "UPDATE dream SET state = :state, tier = :tier, stopped_by = :stopped_by, changed_at = :changed_at, "
                "requirements = :requirements, provenance = :provenance, cost = :cost WHERE id = :id",
                values,
            )
            attempt = self._attempts.deciding(dream.id)
            assert attempt is not None and dream.verdict is not None
            self._attempts.close(attempt[0]["id"], dream.verdict)


_INTERRUPT = (
    "UPDATE dream SET state = 'interrupted', voided = voided + :blame, changed_at = :now "
    "WHERE state = 'running' AND (:id IS NULL OR id = :id)"
)


def _check(dream: Dream) -> None:
    if dream.verdict is None:
        raise ValueError(f"dream {dream.id} has no verdict")
    if dream.state is not (DreamState.VERIFIED if dream.verdict.accepted else DreamState.FAILED):
        raise ValueError(f"dream {dream.id} is {dream.state} but its verdict says accepted={dream.verdict.accepted}")
