"""What was learned, as other programs ask for it: lessons, proven examples, what is known of a symbol, coverage.

It only answers; nothing is dreamt or proved here. Answers are small enough to be read by a language model.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dreamer_app.academy.lessons_store import LessonHit, LessonsStore
from dreamer_app.academy.seeds import read_code, read_failure
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Frozen
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.link import signature
from dreamer_app.oracle.model import Api
from dreamer_app.store.failures import ApiFailure
from dreamer_app.store.lesson_records import Lesson
from dreamer_app.store.nightmares import Nightmare
from dreamer_app.store.seeds import Seed
from dreamer_app.store.store import Store

LONGEST_QUOTE = 2000
"""Characters of a docstring in one answer."""
DOCUMENTED = 3
MOST_APIS = 20
"""That one report is about."""
RELATED = 8


class FoundLesson(Frozen):
    """A lesson as a search shows it.

    Attributes:
        lesson_id: For `proven_example` and `report_failure`.
        title: In a few words.
        task: What was asked for, Markdown.
        code: The proven solution.
        apis: What it uses.
        libraries: `name version` of each, as proved.
        tier: How far it was proved.
        review: A person's word.
        why: The rankings that found it.
        synthetic: Always true: no person wrote it.
    """

    lesson_id: str
    title: str
    task: str
    code: str
    apis: tuple[str, ...]
    libraries: tuple[str, ...]
    tier: str
    review: str
    why: tuple[str, ...] = ()
    synthetic: bool = True


class ProvenExample(FoundLesson):
    """A lesson with everything that proves it.

    Attributes:
        signature: Of its entry point.
        tests: Acceptance tests that it passes; they fail on stubs and mutants of it.
        quotes: Documentation behind it.
        used: How often it was handed out, this time included.
    """

    signature: str
    tests: str
    quotes: tuple[str, ...]
    used: int


class DocumentedExample(Frozen):
    """An example of the documentation; nobody has proved it.

    Attributes:
        code: With the imports that it needs.
        describes: What introduces it.
        source: File and line in the library's own documentation.
    """

    code: str
    describes: str
    source: str


class SymbolKnowledge(Frozen):
    """Everything known about one symbol.

    Attributes:
        name: Its shortest public path.
        library: `name version`.
        kind: `class`, `function`, `method` or `attribute`.
        signature: As the pinned version has it.
        documentation: Quoted from the library.
        defined_in: File and line in the wheel.
        deprecated: Whether the documentation says so.
        raises: Documented exceptions.
        related: Symbols that it is used with, the strongest first.
        examples: From the documentation.
        nightmares: Documentation examples that do not run; do not copy these.
        proven: Lessons that use it; `proven_example` gives one whole.
        failures: How dreams about it failed most often.
        reports: What was reported not to work.
    """

    name: str
    library: str
    kind: str
    signature: str
    documentation: str
    defined_in: str
    deprecated: bool
    raises: tuple[str, ...]
    related: tuple[str, ...]
    examples: tuple[DocumentedExample, ...]
    nightmares: tuple[Nightmare, ...]
    proven: tuple[FoundLesson, ...]
    failures: tuple[ApiFailure, ...]
    reports: tuple[Seed, ...]


class LibraryCoverage(Frozen):
    """How much of a library was learned.

    Attributes:
        name: Distribution name.
        version: That was read.
        license: As stated.
        apis: Public symbols.
        learned: Symbols that verified dreams are about.
        verified: Verified dreams.
        failed: Dreams that the proof rejected.
    """

    name: str
    version: str
    license: str | None
    apis: int
    learned: int
    verified: int
    failed: int


class Learned:
    """Answers from one base folder, from any thread.

    Args:
        store: The journal database.
        lessons: What counts as learned.
        graph: Opens the knowledge graph.
        knowledge: Its file; when that changes, the graph is opened anew.
    """

    def __init__(
        self, store: Store, lessons: LessonsStore, graph: Callable[[], KnowledgeGraph], knowledge: Path
    ) -> None:
        self._store = store
        self._lessons = lessons
        self._open = graph
        self._file = knowledge
        self._lock = threading.RLock()
        self._opened: tuple[object, KnowledgeGraph] | None = None

    def search(
        self, query: str, library: str | None = None, version: str | None = None, limit: int = 5
    ) -> tuple[FoundLesson, ...]:
        """Lessons that answer a question best.

        Raises:
            UsageError: The version is none, or is asked for without a library.
        """
        return tuple(_found(hit) for hit in self._lessons.search(query, library=library, version=version, limit=limit))

    def example(self, wanted: str, by: str) -> ProvenExample:
        """One proven example, by the API that it uses, by a lesson's identifier, or by what it is about.

        Args:
            wanted: Any of the three.
            by: Who uses it, for the record.

        Raises:
            UsageError: Nothing proven is known.
        """
        lesson = self._lessons.get(wanted) or next((hit.lesson for hit in self._candidates(wanted)), None)
        if lesson is None:
            raise UsageError(
                "No proven example", f"Nothing proven is known about {wanted!r}.", "Ask what is known about the symbol."
            )
        self._lessons.used(lesson.id, by)
        return _proven(lesson)

    def _candidates(self, wanted: str) -> tuple[LessonHit, ...]:
        return self._lessons.about(wanted, 1) or self._lessons.search(wanted, limit=1)

    def symbol(self, name: str) -> SymbolKnowledge:
        """What is known about a symbol, by dotted path or alias.

        Raises:
            UsageError: No library that was read has it.
        """
        with self._lock:
            graph = self._graph()
            api = graph.api(name.strip())
            if api is None:
                known = ", ".join(pin.name for pin in graph.libraries()) or "none yet"
                raise UsageError("No such symbol", f"{name!r} is in no library that was read.", f"Known: {known}.")
            return self._knowledge(graph, api)

    def _knowledge(self, graph: KnowledgeGraph, api: Api) -> SymbolKnowledge:
        version = next((pin.version for pin in graph.libraries() if pin.name == api.library), "")
        examples = [one for one in graph.examples(api.library) if api.key in one.uses or api.key == one.owner]
        keys = {one.key for one in examples}
        broken = [one for one in self._store.nightmares.of(api.library) if one.key in keys]
        return SymbolKnowledge(
            name=api.key,
            library=f"{api.library} {version}".strip(),
            kind=api.kind.value,
            signature=signature(api),
            documentation=api.docstring[:LONGEST_QUOTE] or api.summary,
            defined_in=f"{api.file}:{api.line}" if api.file else api.module,
            deprecated=api.deprecated,
            raises=api.raises,
            related=tuple(key for key, _ in graph.related(api.key, RELATED)),
            examples=tuple(
                DocumentedExample(
                    code="\n".join(part for part in (one.setup, one.code) if part),
                    describes=one.describes[:LONGEST_QUOTE],
                    source=f"{one.file}:{one.line}" if one.file else one.key,
                )
                for one in examples[:DOCUMENTED]
            ),
            nightmares=tuple(broken[:DOCUMENTED]),
            proven=tuple(_found(hit) for hit in self._lessons.about(api.key, DOCUMENTED)),
            failures=self._store.failures.of_api(api.key),
            reports=self._store.seeds.about(api.key, DOCUMENTED),
        )

    def libraries(self) -> tuple[LibraryCoverage, ...]:
        """Every library that was read, with how much of it was learned."""
        counts = {count.name: count for count in self._store.stats.libraries()}
        with self._lock:
            graph = self._graph()
            return tuple(
                LibraryCoverage(
                    name=pin.name,
                    version=pin.version,
                    license=pin.license,
                    apis=len(graph.apis(pin.name)),
                    learned=counts[pin.name].apis if pin.name in counts else 0,
                    verified=counts[pin.name].verified if pin.name in counts else 0,
                    failed=counts[pin.name].failed if pin.name in counts else 0,
                )
                for pin in graph.libraries()
            )

    def report(self, seed: Seed) -> Seed:
        """Keep what did not work, as something to dream about: the APIs that it names, or those of the lesson that it
        names, or else those that its words, code and error speak of.

        Raises:
            UsageError: It names a lesson that there is not, or says nothing.
        """
        if not seed.what.strip():
            raise UsageError("Nothing was said", "The report is empty.", "Say what was tried and what went wrong.")
        if seed.lesson_id is None:
            return self._store.seeds.put(seed if seed.apis else seed.model_copy(update={"apis": self._spoken_of(seed)}))
        lesson = self._lessons.get(seed.lesson_id)
        if lesson is None:
            raise UsageError("There is no such lesson", seed.lesson_id, "Leave it out if it was none.")
        named = {"apis": seed.apis or lesson.apis, "library": seed.library or lesson.libraries[0].name}
        return self._store.seeds.put(seed.model_copy(update=named))

    def _spoken_of(self, seed: Seed) -> tuple[str, ...]:
        """Keys of the APIs that a report speaks of, those first that it names most often."""
        names = read_failure(f"{seed.what}\n{seed.error}") + read_code(seed.code)
        with self._lock:
            graph = self._graph()
            found = (graph.api(name) for name, _ in names.most_common())
            return tuple(dict.fromkeys(api.key for api in found if api is not None))[:MOST_APIS]

    def _graph(self) -> KnowledgeGraph:
        stamp = [
            (file.stat().st_mtime_ns, file.stat().st_size) if file.exists() else None
            for file in (self._file, self._file.with_name(f"{self._file.name}-wal"))
        ]
        if self._opened is None or self._opened[0] != stamp:
            self._opened = (stamp, self._open())
        return self._opened[1]


def _found(hit: LessonHit) -> FoundLesson:
    return FoundLesson(**_shared(hit.lesson), why=hit.why)


def _proven(lesson: Lesson) -> ProvenExample:
    return ProvenExample(
        **_shared(lesson), signature=lesson.signature, tests=lesson.tests, quotes=lesson.quotes, used=lesson.uses + 1
    )


def _shared(lesson: Lesson) -> dict[str, Any]:
    return {
        "lesson_id": lesson.id,
        "title": lesson.title,
        "task": lesson.task,
        "code": lesson.code,
        "apis": lesson.apis,
        "libraries": tuple(f"{pin.name} {pin.version}" for pin in lesson.libraries),
        "tier": lesson.tier.value,
        "review": lesson.review.value,
    }
