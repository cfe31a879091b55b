"""How alike are two texts? The Jaccard index over their grams, and an index that finds the nearest text by it.

Exact, where MinHash estimates: a night compares thousands of short texts, for which counting shared grams is fast
enough, and a verdict should not depend on luck. What a gram is, is decided by those who make them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable


def jaccard(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    """The shared part of two sets, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


class LikenessIndex:
    """Texts by their grams. Not safe to change from two threads at once."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._sizes: list[int] = []
        self._by_gram: dict[int, list[int]] = {}
        """By the hash of the gram: two of a few million grams share one with a chance below 1e-6."""

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: str, grams: frozenset[Hashable]) -> None:
        """Remember a text."""
        number = len(self._keys)
        self._keys.append(key)
        self._sizes.append(len(grams))
        for gram in grams:
            self._by_gram.setdefault(hash(gram), []).append(number)

    def nearest(self, grams: frozenset[Hashable], exclude: Collection[str] = ()) -> tuple[str | None, float]:
        """The text most like these grams, of equal ones the first that was added, and its Jaccard index.

        Args:
            grams: Of the text that is compared.
            exclude: Keys of texts that do not count.
        """
        shared: dict[int, int] = {}
        for gram in grams:
            for number in self._by_gram.get(hash(gram), ()):
                shared[number] = shared.get(number, 0) + 1
        best, found = 0.0, None
        for number in sorted(shared):
            likeness = shared[number] / (len(grams) + self._sizes[number] - shared[number])
            if likeness > best and self._keys[number] not in exclude:
                best, found = likeness, self._keys[number]
        return found, best
