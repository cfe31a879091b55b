"""LessonsStore: what was learned, found again by words, by names and by neighbourhood in the knowledge graph.

The three rankings (and a fourth, by meaning, where something can embed texts) are fused by reciprocal rank, so that
none needs to be on the scale of another. A dream that is not verified, or that a person rejected, is never a lesson.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Callable, Iterable, Sequence

from dreamer_app.academy.lesson_words import names_in, spelled_out, spoken_names, words_in
from dreamer_app.academy.versions import matching_versions
from dreamer_app.core.errors import InfrastructureError, UsageError
from dreamer_app.core.settings.lessons import LessonSettings
from dreamer_app.core.types import Dream, DreamState, Frozen, Review
from dreamer_app.store.lesson_records import Lesson, LessonFilter, LessonUse
from dreamer_app.store.lessons import LessonTable

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Texts to vectors of one length. Blocking; raises InfrastructureError when it cannot."""

log = logging.getLogger(__name__)

RANK_OFFSET = 60
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009: 1 / (60 + rank)."""
READ_AT_MOST = 6_000
"""Matches that one question may rank. BM25 in FTS5 costs some 2.3 µs a match and word, measured."""
DEPTH = 50
"""Answers taken from each ranking."""
_SIGNALS = {"words": 1.0, "names": 0.9, "meaning": 0.9, "neighbourhood": 0.4}
"""How much each ranking weighs. Neighbours support an answer, they seldom are one."""


class LessonHit(Frozen):
    """One answer.

    Attributes:
        lesson: What was found.
        score: Fused rank, only comparable within one answer.
        why: The rankings that it was in: `words`, `names`, `meaning`, `neighbourhood`.
    """

    lesson: Lesson
    score: float
    why: tuple[str, ...]


class LessonsStore:
    """Lessons.

    Args:
        table: Where they are kept.
        settings: What counts as one.
        embed: Turns texts into vectors; None does without.
    """

    def __init__(self, table: LessonTable, settings: LessonSettings, embed: Embed | None = None) -> None:
        self._table = table
        self._settings = settings
        self._embed = embed

    def __len__(self) -> int:
        return self._table.count()

    def learn(self, dream: Dream) -> bool:
        """Make a dream a lesson if it counts as one by the settings; learned again, it is brought up to date.

        Returns:
            False when nobody has looked at it and the settings ask for that.

        Raises:
            ValueError: It is not verified, or a person rejected it.
            InfrastructureError: It cannot be written.
        """
        if dream.state is not DreamState.VERIFIED or dream.review is Review.REJECTED:
            raise ValueError(f"dream {dream.id} is {dream.state} and {dream.review}, which makes it no lesson")
        if dream.review.value not in self._counting:
            return False
        lesson = lesson_of(dream)
        self._table.put(lesson, spelled_out(lesson.apis), self._vector(f"{lesson.title}\n{lesson.task}"))
        return True

    def forget(self, dream_id: str) -> bool:
        """Take a lesson back; what it was used for stays on record.

        Returns:
            False when there was none.
        """
        return self._table.remove(dream_id)

    def follow(self, dream: Dream) -> bool:
        """Learn or forget a dream, whichever its state and a person's word say now.

        Returns:
            Whether it is a lesson now.
        """
        if dream.state is DreamState.VERIFIED and dream.review is not Review.REJECTED and self.learn(dream):
            return True
        self.forget(dream.id)
        return False

    def catch_up(self, dream: Callable[[str], Dream | None]) -> int:
        """Bring the lessons in step with the journal, after a crash or a change of settings.

        Args:
            dream: Reads a dream of the journal.

        Returns:
            How many were learned or forgotten.
        """
        missing, surplus = self._table.out_of_step(self._counting)
        for identifier in surplus:
            self.forget(identifier)
        found = [dream(identifier) for identifier in missing]
        return len(surplus) + sum(self.learn(one) for one in found if one is not None)

    def search(
        self, query: str, *, library: str | None = None, version: str | None = None, limit: int = 10
    ) -> tuple[LessonHit, ...]:
        """The lessons that answer a question best.

        Args:
            query: A question, a task, an error message or API names; nothing in it is an operator.
            library: Only lessons about this distribution.
            version: Only about this version of it: exact, the beginning of one (`8.2`), or a specifier (`>=8,<9`).
            limit: At most this many.

        Raises:
            UsageError: The version is none, or is asked for without a library.
        """
        wanted = self._wanted(library, version)
        rankings = {
            "words": self._by_words(words_in(query), wanted),
            "names": self._by_names(query, wanted),
            "meaning": self._by_meaning(query, wanted),
        }
        best = _fused(rankings)[: max(3, limit // 2)]
        near = self._table.nodes_of(tuple(n for n, _, _ in best))
        rankings["neighbourhood"] = self._table.by_nodes(near, wanted, DEPTH, DEPTH)
        fused = _fused(rankings)[:limit]
        lessons = self._table.get(tuple(n for n, _, _ in fused))
        return tuple(
            LessonHit(lesson=lessons[n], score=round(score, 6), why=why) for n, score, why in fused if n in lessons
        )

    def about(self, api_name: str, limit: int = 10) -> tuple[LessonHit, ...]:
        """Lessons that use an API, by dotted path (`toolz.groupby`) or last name, the most used first."""
        numbers = self._table.using(api_name.strip(), limit)
        lessons = self._table.get(numbers)
        return tuple(
            LessonHit(lesson=lessons[n], score=round(1 / (RANK_OFFSET + rank), 6), why=("names",))
            for rank, n in enumerate(numbers, start=1)
            if n in lessons
        )

    def get(self, lesson_id: str) -> Lesson | None:
        """One lesson."""
        return self._table.by_id(lesson_id)

    def used(self, lesson_id: str, by: str) -> None:
        """Write down that somebody was given a lesson to work with.

        Args:
            lesson_id: The lesson.
            by: Who, e.g. `coder`, `mcp`, `api`.
        """
        self._table.used(lesson_id, by)

    def uses(self, lesson_id: str) -> tuple[LessonUse, ...]:
        """Every use of a lesson, oldest first."""
        return self._table.uses(lesson_id)

    @property
    def _counting(self) -> tuple[str, ...]:
        return (Review.APPROVED.value, Review.PENDING.value) if self._settings.unreviewed else (Review.APPROVED.value,)

    def _wanted(self, library: str | None, version: str | None) -> LessonFilter:
        if version is None:
            return LessonFilter(library=library)
        if library is None:
            raise UsageError("Which library?", f"The version {version!r} was asked for without a library.")
        return LessonFilter(library=library, versions=matching_versions(version, self._table.versions(library)))

    def _by_words(self, words: Sequence[str], wanted: LessonFilter) -> tuple[int, ...]:
        """BM25 over the rarest words that together may be ranked in time; a frequent word counts in titles and names
        only, or not at all, as its weight would be next to nothing anyway.
        """
        counted = sorted((self._table.frequency(f'"{word}"', READ_AT_MOST + 1), word) for word in words)
        chosen, read = [], 0
        narrow = [f'{{title names}} : "{word}"' for _, word in counted]
        for (frequency, word), narrowed in zip(counted, narrow, strict=True):
            for expression, matches in ((f'"{word}"', frequency), (narrowed, None)):
                found = self._table.frequency(expression, READ_AT_MOST + 1) if matches is None else matches
                if 0 < found <= READ_AT_MOST - read:
                    chosen.append(f"({expression})")
                    read += found
                    break
        if chosen:
            return self._table.by_words(" OR ".join(chosen), wanted, DEPTH)
        return self._table.newest(" AND ".join(f"({one})" for one in narrow), wanted, DEPTH) if narrow else ()

    def _by_names(self, query: str, wanted: LessonFilter) -> tuple[int, ...]:
        """Names that are said in several words come first: they are hardly ever there by chance."""
        found: dict[int, None] = {}
        for names in (spoken_names(query), names_in(query)):
            nodes = self._table.nodes_named(names, DEPTH)
            found |= dict.fromkeys(self._table.by_nodes(nodes, wanted, DEPTH, DEPTH))
        return tuple(found)[:DEPTH]

    def _by_meaning(self, query: str, wanted: LessonFilter) -> tuple[int, ...]:
        asked = self._vector(query)
        known = list(self._table.vectors(wanted)) if asked is not None else []
        known = [(n, vector) for n, vector in known if asked is not None and len(vector) == len(asked)]
        if asked is None or not known:
            return ()
        import numpy  # noqa: PLC0415 -- takes a tenth of a second, which only those with embeddings need wait for

        matrix = numpy.frombuffer(b"".join(vector for _, vector in known), dtype=numpy.float32)
        scores = matrix.reshape(len(known), -1) @ numpy.frombuffer(asked, dtype=numpy.float32)
        return tuple(known[place][0] for place in numpy.argsort(-scores, kind="stable")[:DEPTH])

    def _vector(self, text: str) -> bytes | None:
        """A text's embedding at length one; None without an embedder, or when it does not answer just now."""
        if self._embed is None:
            return None
        try:
            [vector] = self._embed([text])
        except InfrastructureError as error:
            log.info("searching without embeddings: %s", error.message)
            return None
        length = sum(value * value for value in vector) ** 0.5 or 1.0
        return array("f", [value / length for value in vector]).tobytes()


def lesson_of(dream: Dream) -> Lesson:
    """What is kept of a verified dream."""
    scenario = dream.scenario
    assert dream.verdict is not None and dream.verdict.tier is not None
    relations = scenario.knowledge.relations
    nodes = (*scenario.knowledge.nodes, *(end for one in relations for end in (one.src, one.dst)))
    return Lesson(
        id=dream.id,
        title=scenario.title,
        task=scenario.prompt,
        signature=scenario.signature,
        entry_point=scenario.entry_point,
        code=dream.candidate.solution,
        tests=scenario.tests,
        apis=tuple(use.name for use in scenario.uses_api),
        libraries=scenario.libraries,
        quotes=tuple(quote.text for quote in scenario.knowledge.quotes),
        nodes=tuple(dict.fromkeys(nodes)),
        kind=scenario.kind,
        origin=scenario.origin,
        tier=dream.verdict.tier,
        review=dream.review,
    )


def _fused(rankings: dict[str, Iterable[int]] | dict[str, tuple[int, ...]]) -> list[tuple[int, float, tuple[str, ...]]]:
    """Row numbers with their score and the rankings that they were in, best first."""
    scores: dict[int, float] = {}
    why: dict[int, list[str]] = {}
    for signal, ranking in rankings.items():
        for rank, n in enumerate(ranking, start=1):
            scores[n] = scores.get(n, 0.0) + _SIGNALS[signal] / (RANK_OFFSET + rank)
            why.setdefault(n, []).append(signal)
    return [(n, scores[n], tuple(why[n])) for n in sorted(scores, key=lambda n: (-scores[n], n))]
