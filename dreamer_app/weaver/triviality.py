"""Measures that show whether a scenario is more than a copy of one documentation example.

Works on source text only. Similarity is the Jaccard index over 5-grams of tokens, in which names of variables count
as they are written, comments and layout do not count at all.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable

from dreamer_app.core.types import Triviality
from dreamer_app.oracle.model import Example

GRAM = 5

_LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def grams(source: str) -> frozenset[tuple[str, ...]]:
    """The 5-grams of the tokens of a source text; what cannot be tokenised counts up to the error."""
    tokens: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in _LAYOUT:
                tokens.append(token.string)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    if len(tokens) < GRAM:
        return frozenset({tuple(tokens)}) if tokens else frozenset()
    return frozenset(tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1))


def similarity(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Jaccard index of two sets of grams, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


class NearDuplicates:
    """Remembers solutions and refuses those too near to an earlier one.

    Args:
        limit: Similarity from which on two solutions are the same dream.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._seen: list[frozenset[tuple[str, ...]]] = []
        self._by_gram: dict[tuple[str, ...], list[int]] = {}

    def admit(self, source: str) -> bool:
        """Whether the solution is new; it is remembered when it is."""
        own = grams(source)
        shared: dict[int, int] = {}
        for gram in own:
            for index in self._by_gram.get(gram, ()):
                shared[index] = shared.get(index, 0) + 1
        for index, common in shared.items():
            if common / (len(own) + len(self._seen[index]) - common) >= self._limit:
                return False
        for gram in own:
            self._by_gram.setdefault(gram, []).append(len(self._seen))
        self._seen.append(own)
        return True


class ExampleIndex:
    """Documentation examples by their grams, so that the nearest one is found without comparing all of them.

    Args:
        examples: All examples of the libraries under study.
    """

    def __init__(self, examples: Iterable[Example]) -> None:
        self._keys: list[str] = []
        self._sizes: list[int] = []
        self._by_gram: dict[tuple[str, ...], list[int]] = {}
        for example in examples:
            own = grams(f"{example.setup}\n{example.code}")
            for gram in own:
                self._by_gram.setdefault(gram, []).append(len(self._keys))
            self._keys.append(example.key)
            self._sizes.append(len(own))

    def nearest(self, source: str) -> tuple[str | None, float]:
        """The example most similar to a solution, and how similar it is."""
        own = grams(source)
        shared: dict[int, int] = {}
        for gram in own:
            for index in self._by_gram.get(gram, ()):
                shared[index] = shared.get(index, 0) + 1
        best: tuple[float, str | None] = (0.0, None)
        for index, common in shared.items():
            score = common / (len(own) + self._sizes[index] - common)
            if score > best[0]:
                best = (score, self._keys[index])
        return best[1], best[0]


def measure(
    solution: str, examples: ExampleIndex, *, necessary_apis: Iterable[str], documented_shapes: bool
) -> Triviality:
    """Put the evidence together.

    Args:
        solution: Source of the reference solution.
        examples: All documentation examples.
        necessary_apis: API nodes whose ablation changed what was recorded.
        documented_shapes: Whether every argument has a shape that the documentation shows.
    """
    nearest, score = examples.nearest(solution)
    return Triviality(
        necessary_apis=tuple(necessary_apis),
        documented_shapes=documented_shapes,
        nearest_example=nearest,
        similarity=round(score, 4),
    )
