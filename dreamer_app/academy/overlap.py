"""How much the dreams of an export are like each other and like held-out material; nothing is dropped, all is shown.

Likeness to earlier dreams was measured when each was proved (gate G4) and is read from the receipts. Overlap with
other material is counted here, by 8-grams of words.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable
from pathlib import Path

from dreamer_app.academy.training_example import TrainingExample
from dreamer_app.core.types import Frozen

NEAR = 0.5
"""Similarity (Jaccard over token 5-grams) from which a pair is reported; from 0.7 on it would be no dream."""
MOST_PAIRS = 200
GRAM = 8
LARGEST_SHARE = 0.1
"""Of a solution's 8-grams that occur in held-out material, from which a dream is reported."""

_WORD = re.compile(r"\w+|[^\w\s]")


class NearPair(Frozen):
    """Two dreams that are much alike.

    Attributes:
        dream: The later one.
        like: The earlier one.
        similarity: 0 to 1.
    """

    dream: str
    like: str
    similarity: float


class Contamination(Frozen):
    """A dream that shares text with held-out material.

    Attributes:
        dream: Its identifier.
        share: Of its solution's 8-grams that occur there.
    """

    dream: str
    share: float


class OverlapReport(Frozen):
    """What is alike.

    Attributes:
        near_duplicates: Pairs from NEAR on, at most MOST_PAIRS.
        same_code: Dreams whose solution is that of another, without white space.
        held_out_files: Files that the solutions were compared with.
        contaminated: Dreams that share more than LARGEST_SHARE with them.
    """

    near_duplicates: tuple[NearPair, ...] = ()
    same_code: int = 0
    held_out_files: int = 0
    contaminated: tuple[Contamination, ...] = ()


class OverlapWatch:
    """Looks at every example that goes by.

    Args:
        held_out: Text files (an evaluation set, a benchmark) that must not be trained on.

    Raises:
        OSError: A file cannot be read.
    """

    def __init__(self, held_out: Iterable[Path] = ()) -> None:
        files = [path.read_text(encoding="utf-8", errors="replace") for path in held_out]
        self._held_out = frozenset(gram for text in files for gram in _grams(text))
        self._files = len(files)
        self._codes = array("Q")
        """Eight bytes of digest a solution, so that a hundred thousand take less than a megabyte."""
        self._pairs: list[NearPair] = []
        self._contaminated: list[Contamination] = []

    def look(self, example: TrainingExample) -> None:
        """Take note of one example."""
        code = example.dream.solution
        digest = hashlib.blake2b("".join(code.split()).encode(), digest_size=8).digest()
        self._codes.append(int.from_bytes(digest))
        self._note_pair(example)
        if self._held_out:
            own = _grams(code)
            share = len(own & self._held_out) / len(own) if own else 0.0
            if share > LARGEST_SHARE:
                self._contaminated.append(Contamination(dream=example.dream.id, share=round(share, 3)))

    def report(self) -> OverlapReport:
        """What was noted."""
        return OverlapReport(
            near_duplicates=tuple(sorted(self._pairs, key=lambda pair: (-pair.similarity, pair.dream))),
            same_code=len(self._codes) - len(set(self._codes)),
            held_out_files=self._files,
            contaminated=tuple(self._contaminated),
        )

    def _note_pair(self, example: TrainingExample) -> None:
        near = example.dream.nearest
        if near is not None and near.similarity >= NEAR and len(self._pairs) < MOST_PAIRS:
            self._pairs.append(NearPair(dream=example.dream.id, like=near.dream, similarity=near.similarity))


def _grams(text: str) -> frozenset[int]:
    words = _WORD.findall(text)
    return frozenset(hash(tuple(words[n : n + GRAM])) for n in range(max(0, len(words) - GRAM + 1)))
