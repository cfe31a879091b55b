"""Which earlier dream is most like this one? An index in memory that the engine fills from the store.

It answers; the novelty gate decides. Safe to use from several threads.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from dreamer_app.core.interpreter import steady
from dreamer_app.core.likeness import LikenessIndex
from dreamer_app.guardian.normal_form import digest, normal_form, shingles

REMOTE = 0.3
"""Two solutions that are less alike share idioms, nothing that a person should be shown."""


@dataclass(frozen=True)
class Match:
    """An earlier dream.

    Attributes:
        dream: Its identifier.
        similarity: Jaccard index over token 5-grams; 1 for the same code.
        reason: `same code`, `same task` (entry point and set of APIs), or `similar code`.
    """

    dream: str
    similarity: float
    reason: Literal["same code", "same task", "similar code"]


@dataclass(frozen=True)
class Imprint:
    """What the index remembers of a dream.

    Attributes:
        code: Digest of the normal form.
        task: Entry point and APIs, None when they are not known.
        shingles: Of the normal form.
    """

    code: str
    task: tuple[str, tuple[str, ...]] | None
    shingles: frozenset[str]


def imprint(code: str, entry_point: str = "", apis: Collection[str] = ()) -> Imprint:
    """Take the imprint of a solution.

    Raises:
        SyntaxError: It does not parse.
    """
    normal = steady(lambda: normal_form(ast.parse(code)))
    task = (entry_point, tuple(sorted(apis))) if entry_point and apis else None
    return Imprint(digest(normal), task, shingles(normal))


class NoveltyIndex:
    """All earlier dreams."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dreams: set[str] = set()
        self._similar = LikenessIndex()
        self._by_code: dict[str, set[str]] = {}
        self._by_task: dict[tuple[str, tuple[str, ...]], set[str]] = {}

    def __len__(self) -> int:
        return len(self._dreams)

    def add(self, dream: str, code: str, *, entry_point: str = "", apis: Collection[str] = ()) -> None:
        """Remember a dream; the same identifier again changes nothing.

        Raises:
            SyntaxError: The code does not parse.
        """
        mark = imprint(code, entry_point, apis)
        with self._lock:
            self._insert(dream, mark)

    def admit(self, dream: str, mark: Imprint, threshold: float) -> Match | None:
        """Remember a dream unless an earlier one is too similar; then say which. One step for all threads."""
        with self._lock:
            match = self._nearest(mark, {dream})
            if match is not None and match.similarity >= threshold:
                return match
            self._insert(dream, mark)
            return None

    def nearest(
        self, code: str, *, entry_point: str = "", apis: Collection[str] = (), exclude: str | None = None
    ) -> Match | None:
        """The most similar earlier dream; None when nothing is even remotely similar.

        Args:
            code: The solution.
            entry_point: Its name, for the comparison of tasks.
            apis: Names of the APIs under study.
            exclude: A dream that does not count.

        Raises:
            SyntaxError: The code does not parse.
        """
        return self.nearest_to(imprint(code, entry_point, apis), {exclude} if exclude else ())

    def nearest_to(self, mark: Imprint, exclude: Collection[str] = ()) -> Match | None:
        """As `nearest`, from an imprint; several dreams may not count."""
        with self._lock:
            return self._nearest(mark, exclude)

    def _insert(self, dream: str, mark: Imprint) -> None:
        if dream in self._dreams:
            return
        self._dreams.add(dream)
        self._similar.add(dream, mark.shingles)
        self._by_code.setdefault(mark.code, set()).add(dream)
        if mark.task:
            self._by_task.setdefault(mark.task, set()).add(dream)

    def _nearest(self, mark: Imprint, exclude: Collection[str]) -> Match | None:
        same_code = sorted(self._by_code.get(mark.code, set()) - set(exclude))
        if same_code:
            return Match(same_code[0], 1.0, "same code")
        same_task = sorted(self._by_task.get(mark.task, set()) - set(exclude)) if mark.task else []
        if same_task:
            return Match(same_task[0], 1.0, "same task")
        dream, similarity = self._similar.nearest(mark.shingles, exclude)
        return Match(dream, similarity, "similar code") if dream is not None and similarity >= REMOTE else None
