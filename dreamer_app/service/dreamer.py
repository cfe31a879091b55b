"""The facade that command line, API and desktop call: every verb of The Dreamer over one base folder.

It composes the parts that `Workshop` makes and knows their order of use; the work itself is theirs.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import cached_property

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.mastery import Mastery
from dreamer_app.core.checks import Check
from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings, load_settings
from dreamer_app.core.types import Dream, DreamState, LibraryPin, Night, NightEnd
from dreamer_app.engine.dream_engine import DreamEngine
from dreamer_app.engine.ports import NightRequest
from dreamer_app.engine.recovery import Recovery, recover
from dreamer_app.engine.trial_run import Parts
from dreamer_app.engine.wake import WakeReason
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import SourceReport
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.service.academy import Academy
from dreamer_app.service.against import under
from dreamer_app.service.crews import BUILTIN, crew_for, examined, examined_by, proofs_at_once
from dreamer_app.service.editing import EditProof, edited, prove_edit
from dreamer_app.service.health import look_around
from dreamer_app.service.interruptible import Interruptible
from dreamer_app.service.journal import DreamJournal
from dreamer_app.service.knowledge import ensure_known
from dreamer_app.service.learned import Learned
from dreamer_app.service.night_order import NightOrder, NightReport, Status
from dreamer_app.service.night_story import NightStories
from dreamer_app.service.retention import Retention
from dreamer_app.service.verification import Proof, Verification, all_stored, fits, pins_of, read_stored
from dreamer_app.service.wake_figures import WakeTestReport
from dreamer_app.service.workshop import CrewOrder, ExamOrder, Workshop
from dreamer_app.store.lock import BaseFolderLock
from dreamer_app.store.records import DreamFilter
from dreamer_app.store.store import Store

__all__ = ["BUILTIN", "Dreamer", "NightOrder", "NightReport", "Status", "proofs_at_once"]

LOCK_TRIES, LOCK_PAUSE = 40, 0.05


class Dreamer:
    """Everything that can be asked of The Dreamer.

    Args:
        paths: The base folder.
        workshop: Makes the parts; called only by work that needs them.
        listener: Hears of everything that happens, on the event loop's thread.
        settings: None reads them from the base folder.
        clock: What time it is.

    Raises:
        UsageError: The settings are not valid.
        InfrastructureError: The base folder or the journal cannot be used.
    """

    def __init__(
        self,
        paths: DataPaths,
        workshop: Callable[[], Workshop],
        listener: Listener = ignore,
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        try:
            paths.create()
        except OSError as error:
            raise InfrastructureError(
                "The base folder cannot be used", f"{paths.base}: {error}", "Choose another with --base-dir."
            ) from error
        self.paths = paths
        self.settings = settings or load_settings(paths.settings)
        self._make_workshop = workshop
        self._listener = listener
        self._clock = clock or SystemClock()
        self.store = Store(paths.database, self._clock)
        self._work = Interruptible()
        self._engine: DreamEngine | None = None
        self.recovery = self._put_in_order()
        self.lessons = LessonsStore(self.store.lessons, self.settings.lessons)
        self.lessons.catch_up(self.store.dreams.get)
        self.journal = DreamJournal(self.store, paths, self.lessons)
        self.stories = NightStories(self.store, paths, lambda: self.settings.energy.cpu_stop)
        self.learned = Learned(self.store, self.lessons, self.graph, paths.knowledge)
        self.academy = Academy(self.store, self.graph, self._clock)
        self.retention = Retention(self.store, paths, lambda: self.settings.storage, self._clock)

    def close(self) -> None:
        """Let go of the journal. Idempotent."""
        self.store.close()

    def wake_up(self, reason: WakeReason = WakeReason.STOPPED) -> None:
        """Stop whatever is being done, from any thread and at any moment: a night ends, other work is called off.

        Called-off work raises CancelledError where it was awaited.
        """
        self._work.stop(reason)

    @property
    def engine(self) -> DreamEngine | None:
        """The engine of the night under way, to hold, resize or let go on; None before and after."""
        return self._engine

    def finish(self) -> None:
        """Let a night end after the dreams under way; other work is called off. On the event loop's thread only."""
        self._work.finish()

    async def ingest(self, sources: Sequence[str]) -> tuple[SourceReport, ...]:
        """Read sources into the knowledge graph, one after the other.

        Raises:
            UsageError: A text names no kind of source.
            SourceError: A source cannot be read or holds nothing; those before it are kept.
            InfrastructureError: What was read cannot be written.
        """
        async with self._working():
            reader = self._workshop.reader(self.paths, self.settings, self._listener)
            return tuple([await reader.ingest(source) for source in sources])

    def graph(self) -> KnowledgeGraph:
        """The knowledge graph as it is now."""
        return self._workshop.reader(self.paths, self.settings, self._listener).graph()

    async def night(self, order: NightOrder) -> NightReport:
        """Dream until the first limit, reading libraries first that are not known yet.

        Raises:
            UsageError: The order makes no sense, or a night is under way in this folder.
            SourceError: A library cannot be read.
            InfrastructureError: Workers cannot be had at all, or the disk cannot be written.
            CancelledError: Called off before the night began.
        """
        async with self._working(), self._locked() as lock:
            reader = self._workshop.reader(self.paths, self.settings, self._listener)
            libraries = await ensure_known(reader, order.libraries)
            graph = await asyncio.to_thread(reader.graph)
            interest = await asyncio.to_thread(self.academy.interest, graph)
            async with self._workshop.sandbox(self.paths, self.settings, self._listener) as sandbox:
                request = self._request(order, libraries, interest)
                wanted = await self._crew_order(order, request, graph, sandbox)
                async with crew_for(wanted, self._workshop, self.paths, self.settings, self._listener) as crew:
                    parts = Parts(
                        weaver=crew.weaver,
                        coder=crew.coder,
                        judge=crew.judge,
                        sandbox=sandbox,
                        store=self.store,
                        paths=self.paths,
                        clock=self._clock,
                        models=crew.models,
                    )
                    engine = DreamEngine(parts, crew.listener, lock)
                    with self._work.woken_by(engine.wake_up, engine.last_call), self._under_control(engine):
                        night = await engine.enter_rem_phase(request)
            await asyncio.to_thread(self.lessons.catch_up, self.store.dreams.get)
            if night.end is not NightEnd.WOKEN:
                await asyncio.to_thread(self.retention.after_night)
        return self._report(night)

    async def examine(self, library: str, *, model: str | None = None, tasks: int = 20) -> Mastery:
        """Measure whether a library was learned: sealed tasks, solved without and with lessons and documentation.

        Raises:
            DreamerError: As in `night`.
        """
        order = NightOrder(libraries=(library,), model=examined_by(model, self.settings))
        async with self._working(), self._locked():
            reader = self._workshop.reader(self.paths, self.settings, self._listener)
            libraries = await ensure_known(reader, order.libraries)
            graph = await asyncio.to_thread(reader.graph)
            async with self._workshop.sandbox(self.paths, self.settings, self._listener) as sandbox:
                crew = await self._crew_order(order, self._request(order, libraries[:1], {}), graph, sandbox)
                exam = ExamOrder(crew, tasks, self.store.dreams.known(), self.store.sealed, self._clock)
                return await examined(exam, self._workshop, self.paths, self.settings, self._listener)

    def mastered(self) -> tuple[Mastery, ...]:
        """The latest measurement of each library, by name; blocking."""
        return tuple(Mastery.model_validate(one) for one in self.store.sealed.measured())

    async def verify(
        self, texts: Sequence[str], workers: int | None = None, against: LibraryPin | None = None
    ) -> tuple[Proof, ...]:
        """Run the whole proof again, from the stored folders; without texts, of every dream.

        Args:
            texts: Which dreams.
            workers: Proofs at the same time.
            against: Prove those that study this library with this version of it instead, and keep no receipts.

        Raises:
            UsageError: A text means no dream or several.
            SourceError: A library cannot be read.
            InfrastructureError: Nothing is known about a dream.
            CancelledError: Called off.
        """
        identifiers = (
            [self.journal.resolve(text) for text in texts] if texts else all_stored(self.store, self.paths.dreams)
        )
        dreams, proofs = await asyncio.to_thread(read_stored, self.paths.dreams, identifiers)
        if against is not None:
            dreams = under(dreams, against)
        if not dreams:
            return tuple(proofs)
        parallel = workers or proofs_at_once(self.settings)
        done: list[str] = []

        def told(proof: Proof) -> None:
            done.append(proof.dream_id)
            step = f"{proof.title}: {'proved again' if proof.agreed else 'rejected'}"
            self._listener(Progress(task="verify", step=step, done=len(done), total=len(dreams)))

        async with self.workers() as sandbox:
            async for graph, group in self._with_their_knowledge(dreams):
                prover = self._workshop.prover(sandbox, graph, self.settings, self._listener, dreams)
                verification = Verification(prover, self.store, self.paths.dreams, self._clock, against=against)
                proofs += await verification.prove(group, parallel, told)
        order = {identifier: place for place, identifier in enumerate(identifiers)}
        return tuple(sorted(proofs, key=lambda proof: order[proof.dream_id]))

    async def prove_edit(self, text: str, solution: str) -> EditProof:
        """Have the Guardian prove a person's own solution of a dream; a proved one takes the place of the present one.

        Raises:
            UsageError: No dream or several are meant, nothing was changed, or a night is under way.
            SourceError: A library cannot be read.
            InfrastructureError: Nothing is known about the solution.
            CancelledError: Called off.
        """
        dream = edited((await asyncio.to_thread(self.journal.show, text)).dream, solution)
        async with self.workers() as sandbox:
            stored = await asyncio.to_thread(lambda: tuple(self._stored(DreamState.VERIFIED)))
            async for graph, _ in self._with_their_knowledge([dream]):
                prover = self._workshop.prover(sandbox, graph, self.settings, self._listener, stored)
                proof = await prove_edit(prover, self.store, self._clock, dream)
        await asyncio.to_thread(self.journal.settle)
        return proof

    async def wake_test(self, workers: int, cycles: int) -> WakeTestReport:
        """Measure how fast so many workers at full load are stopped.

        Raises:
            UsageError: A night is under way in this folder.
            InfrastructureError: Workers cannot be had, or cannot be measured.
            CancelledError: Called off.
        """
        from dreamer_app.service.wake_test import measure_wake  # noqa: PLC0415 imports the engine's own library

        async with self.workers(attended=False) as sandbox:
            return await measure_wake(sandbox, self.paths, self._clock, self._listener, workers=workers, cycles=cycles)

    async def doctor(self) -> tuple[Check, ...]:
        """Every prerequisite, each ok, warning or missing with its fix."""
        own = await asyncio.to_thread(look_around, self.paths, self.settings)
        workshop = await asyncio.to_thread(lambda: self._workshop)
        return (*own, *await workshop.checks(self.paths, self.settings))

    def status(self) -> Status:
        """What the base folder holds; blocking."""
        lock = BaseFolderLock(self.paths.lock)
        free = lock.try_acquire()
        lock.release()
        nights = self.store.nights.list()
        return Status(
            base=str(self.paths.base),
            dreaming=not free,
            statistics=self.store.stats.all(),
            last_night=nights[0] if nights else None,
        )

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """Work under way; its parts are imported on a thread, for they take seconds and no window must stand still."""
        async with self._work.under_way():
            await asyncio.to_thread(lambda: self._workshop)
            yield

    @contextmanager
    def _under_control(self, engine: DreamEngine) -> Iterator[None]:
        self._engine = engine
        try:
            yield
        finally:
            self._engine = None

    @asynccontextmanager
    async def workers(self, *, attended: bool = True) -> AsyncIterator[Sandbox]:
        """Sealed workers for one piece of work, which is called off as a night is; `attended` when a person waits.

        Raises:
            UsageError: A night is under way in this folder.
            InfrastructureError: Workers cannot be had.
        """
        # opening the sandbox removes what an earlier session left in this folder, so the lock comes first
        async with self._working(), self._locked():
            opened = self._workshop.for_a_person if attended else self._workshop.sandbox
            async with opened(self.paths, self.settings, self._listener) as sandbox:
                yield sandbox

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[BaseFolderLock]:
        """The base folder's lock; a moment's patience, because every command looks into the folder under it."""
        lock = BaseFolderLock(self.paths.lock)
        for _ in range(LOCK_TRIES):
            if lock.try_acquire():
                break
            await asyncio.sleep(LOCK_PAUSE)
        with nullcontext() if lock.held else lock:
            try:
                yield lock
            finally:
                lock.release()

    async def _crew_order(
        self, order: NightOrder, night: NightRequest, graph: KnowledgeGraph, sandbox: Sandbox
    ) -> CrewOrder:
        model = order.model or self.settings.model.weaver or BUILTIN
        stored = await asyncio.to_thread(lambda: tuple(self._stored(DreamState.VERIFIED)))
        past = await asyncio.to_thread(self.store.stats.experience)
        return CrewOrder(model, graph, sandbox, night.libraries, stored, past, self.lessons, night.seed, night.interest)

    @cached_property
    def _workshop(self) -> Workshop:
        return self._make_workshop()

    def _put_in_order(self) -> Recovery:
        lock = BaseFolderLock(self.paths.lock)
        if not lock.try_acquire():
            return Recovery()  # a night is under way, and what looks unfinished is its own
        try:
            return recover(self.store, self.paths)
        finally:
            lock.release()

    def _request(
        self, order: NightOrder, libraries: tuple[LibraryPin, ...], interest: Mapping[str, float]
    ) -> NightRequest:
        return NightRequest(
            libraries=libraries,
            dreams=order.dreams or self.settings.night.dreams,
            minutes=order.minutes or self.settings.night.minutes,
            workers=order.workers or proofs_at_once(self.settings),
            seed=random.SystemRandom().randrange(2**31) if order.seed is None else order.seed,
            interest=interest,
        )

    def _stored(self, state: DreamState) -> Iterator[Dream]:
        for identifier in sorted(self.store.dreams.ids(state)):
            dream = self.store.dreams.get(identifier)
            if dream is not None:
                yield dream

    async def _with_their_knowledge(self, dreams: Sequence[Dream]) -> AsyncIterator[tuple[KnowledgeGraph, list[Dream]]]:
        """Dreams in groups, each with a graph that holds their libraries at their very versions."""
        reader = self._workshop.reader(self.paths, self.settings, self._listener)
        known = {pin.name: pin.version for pin in reader.graph().libraries()}
        fitting = [dream for dream in dreams if fits(dream, known)]
        groups: dict[tuple[str, ...], list[Dream]] = {}
        for dream in dreams:
            if not fits(dream, known):
                groups.setdefault(tuple(f"{pin.name}=={pin.version}" for pin in dream.scenario.libraries), []).append(
                    dream
                )
        if fitting:
            await ensure_known(reader, [f"{pin.name}=={pin.version}" for pin in pins_of(fitting)])
            yield await asyncio.to_thread(reader.graph), fitting
        # Other versions get a graph of their own, so that a proof of old dreams never replaces what is known now.
        for names, group in groups.items():
            earlier = self._workshop.reader(
                DataPaths(self.paths.base / "earlier_versions"), self.settings, self._listener
            )
            await ensure_known(earlier, names)
            yield await asyncio.to_thread(earlier.graph), group

    def _report(self, night: Night) -> NightReport:
        summaries = self.journal.list(DreamFilter(state=DreamState.VERIFIED, night_id=night.id))
        dreams = [self.store.dreams.get(summary.id) for summary in reversed(summaries)]
        found = tuple(dream for dream in dreams if dream is not None)
        return NightReport(
            night=night,
            dreams=found,
            api_nodes=tuple(sorted({use.name for dream in found for use in dream.scenario.uses_api})),
            folder=str(self.paths.dreams),
            log=str(self.paths.nights / f"{night.id}.log"),
        )
