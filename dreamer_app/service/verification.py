"""Runs the whole proof of stored dreams again, from their folders alone. It changes no dream's state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from dreamer_app.academy.record import RecordError, changed_files, folder_of, folders, read_record
from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import WorkerLostError
from dreamer_app.core.types import Dream, DreamState, Frozen, LibraryPin, Receipt, Verdict
from dreamer_app.service.workshop import Prover
from dreamer_app.store.nightmares import Nightmare
from dreamer_app.store.store import Store

TRIES = 3


class Proof(Frozen):
    """One dream, proved again.

    Attributes:
        dream_id: The dream.
        title: Of its scenario, empty when the folder could not be read.
        libraries: `name version` of each.
        agreed: The gates accepted it again and no file was changed.
        stopped_by: The receipt of the gate that rejected it.
        changed: Files that are not as they were when it was verified.
        problem: Why the folder could not be read.
        gates: Gates that passed.
        seconds: Wall-clock time.
    """

    dream_id: str
    title: str = ""
    libraries: tuple[str, ...] = ()
    agreed: bool
    stopped_by: Receipt | None = None
    changed: tuple[str, ...] = ()
    problem: str | None = None
    gates: int = 0
    seconds: float = 0.0


def all_stored(store: Store, dreams: Path) -> list[str]:
    """Identifiers of every dream that is verified or has a folder."""
    on_disk = {folder.name.removeprefix("dream_") for folder in folders(dreams)}
    return sorted(store.dreams.ids(DreamState.VERIFIED) | on_disk)


def read_stored(dreams: Path, identifiers: Sequence[str]) -> tuple[list[Dream], list[Proof]]:
    """Read folders; those that cannot be read become proofs that disagree."""
    found: list[Dream] = []
    broken: list[Proof] = []
    for identifier in identifiers:
        try:
            found.append(read_record(folder_of(dreams, identifier), allow_changes=True))
        except RecordError as error:
            broken.append(Proof(dream_id=identifier, agreed=False, problem=error.message))
    return found, broken


def pins_of(dreams: Sequence[Dream]) -> tuple[LibraryPin, ...]:
    """Every library at every version that the dreams study."""
    pins = {(pin.name, pin.version): pin for dream in dreams for pin in dream.scenario.libraries}
    return tuple(pins[key] for key in sorted(pins))


class Verification:
    """Proves stored dreams again.

    Args:
        prover: The Guardian.
        store: Keeps the receipts of every further proof.
        dreams: The folder of all dreams.
        clock: What time it is.
        against: The library at another version than the dreams were proved with. Then no receipts are kept, and what
            does not hold any more is a nightmare.
    """

    def __init__(
        self, prover: Prover, store: Store, dreams: Path, clock: Clock, *, against: LibraryPin | None = None
    ) -> None:
        self._against = against
        self._prover = prover
        self._store = store
        self._dreams = dreams
        self._clock = clock

    async def prove(self, dreams: Sequence[Dream], parallel: int, told: Callable[[Proof], None]) -> tuple[Proof, ...]:
        """Prove dreams, some at the same time.

        Args:
            dreams: As read from their folders.
            parallel: Proofs at the same time.
            told: Hears of each proof as it is done.

        Returns:
            Proofs in the order of the dreams.

        Raises:
            InfrastructureError: Nothing is known about a candidate after three tries.
        """
        turns = asyncio.Semaphore(parallel)

        async def one(dream: Dream) -> Proof:
            async with turns:
                proof = await self._one(dream)
                told(proof)
                return proof

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(dream)) for dream in dreams]
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures  # the others fell with the same engine or disk
        return tuple(task.result() for task in tasks)

    async def _one(self, dream: Dream) -> Proof:
        started_at, started = self._clock.now(), self._clock.monotonic()
        for left in reversed(range(TRIES)):
            try:
                verdict = await self._prover.prove_again(dream.scenario, dream.candidate, dream.id)
                break
            except WorkerLostError:
                if not left:
                    raise
        changed = await asyncio.to_thread(changed_files, folder_of(self._dreams, dream.id))
        if self._against is not None:
            await asyncio.to_thread(self._note, dream, verdict, self._against)
        elif await asyncio.to_thread(self._store.dreams.get, dream.id) is not None:
            attempt = await asyncio.to_thread(
                self._store.attempts.begin, dream.id, dream.candidate, started_at, "again"
            )
            await asyncio.to_thread(self._store.attempts.close, attempt, verdict)
        return Proof(
            dream_id=dream.id,
            title=dream.scenario.title,
            libraries=tuple(f"{pin.name} {pin.version}" for pin in dream.scenario.libraries),
            agreed=verdict.accepted and not changed,
            stopped_by=verdict.stopped_by,
            changed=changed,
            gates=len(verdict.receipts) - (0 if verdict.accepted else 1),
            seconds=round(self._clock.monotonic() - started, 3),
        )

    def _note(self, dream: Dream, verdict: Verdict, against: LibraryPin) -> None:
        gate, table = verdict.stopped_by, self._store.nightmares
        if gate is None:
            table.over(against.name, "dream", dream.id)
            return
        before = self._store.dreams.get(dream.id) or dream
        program = f"# solution.py\n{dream.candidate.solution.strip()}\n\n# test_solution.py\n{dream.scenario.tests}"
        nightmare = Nightmare(
            kind="dream",
            key=dream.id,
            title=dream.scenario.title,
            version=against.version,
            place=", ".join(f"{pin.name} {pin.version}" for pin in before.scenario.libraries),
            why=f"{gate.gate} {gate.name}",
            error=str(gate.evidence.get("reason", gate.verdict)),
            reproduction=program,
        )
        table.keep(against.name, nightmare)


def fits(dream: Dream, known: dict[str, str]) -> bool:
    """Whether a dream's libraries are known at its very versions, or not at all."""
    return all(known.get(pin.name, pin.version) == pin.version for pin in dream.scenario.libraries)
