"""The index must say what comparing every pair says."""

from __future__ import annotations

import random

from dreamer_app.core.likeness import LikenessIndex, jaccard


def test_the_nearest_text_is_the_one_that_comparing_all_pairs_finds() -> None:
    rng = random.Random(7)
    texts = {f"t{n}": frozenset(rng.sample(range(40), rng.randint(1, 12))) for n in range(60)}
    index = LikenessIndex()
    for key, grams in texts.items():
        index.add(key, grams)
    for _ in range(100):
        asked, left_out = frozenset(rng.sample(range(40), 8)), rng.choice(list(texts))
        key, likeness = index.nearest(asked, {left_out})
        by_pairs = {other: jaccard(asked, grams) for other, grams in texts.items() if other != left_out}
        assert likeness == max(by_pairs.values())
        assert key == next(other for other, found in by_pairs.items() if found == likeness)  # the first of equal ones


def test_nothing_shared_is_not_near() -> None:
    index = LikenessIndex()
    assert index.nearest(frozenset("ab")) == (None, 0.0)
    index.add("other", frozenset("xy"))
    index.add("empty", frozenset())
    assert index.nearest(frozenset("ab")) == (None, 0.0)
    assert index.nearest(frozenset()) == (None, 0.0)
