"""Dreams in memory as the curator reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dreamer_app.academy.selection import Outline, outline_of
from dreamer_app.academy.training_example import WrongAnswer
from dreamer_app.core.types import Dream, DreamState, Review
from tests import builders


class ListedDreams:
    """Verified dreams of a list."""

    def __init__(self, dreams: Iterable[Dream]) -> None:
        self.listed = tuple(sorted((one for one in dreams if one.state is DreamState.VERIFIED), key=lambda one: one.id))

    def outlines(self) -> Iterator[Outline]:
        return (outline_of(dream) for dream in self.listed)

    def dreams(self) -> Iterator[Dream]:
        return iter(self.listed)

    def wrong(self, dream: Dream) -> WrongAnswer | None:
        if dream.review is Review.PENDING:
            return None
        right = dream.candidate.solution
        return WrongAnswer(right.replace("word[:", "word[1:"), "mutant", "slice shift in line 5", right)


def three() -> ListedDreams:
    """One that nobody has looked at, one that was approved (of two libraries), one that was rejected."""
    return ListedDreams(
        [
            builders.verified(1),
            builders.verified(2, (builders.TOOLZ, builders.BOLTONS), review=Review.APPROVED),
            builders.verified(3, review=Review.REJECTED),
            builders.failed(4),
        ]
    )
