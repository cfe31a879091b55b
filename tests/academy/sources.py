"""Dreams in memory as the curator reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dreamer_app.academy.selection import Outline, outline_of
from dreamer_app.academy.training_example import WrongAnswer
from dreamer_app.core.types import Dream, DreamState, Review
from dreamer_app.store.proven_task import ProvenTask, proven_task
from tests import builders


class ListedDreams:
    """Verified dreams of a list."""

    def __init__(self, dreams: Iterable[Dream]) -> None:
        self.listed = tuple(sorted((one for one in dreams if one.state is DreamState.VERIFIED), key=lambda one: one.id))

    def outlines(self, *, licenses: bool) -> Iterator[Outline]:
        return (outline_of(dream, licenses=licenses) for dream in self.listed)

    def tasks(self, *, gates: bool = False, after: str = "") -> Iterator[ProvenTask]:
        return (proven_task(dream, gates=gates) for dream in self.listed if dream.id > after)

    def wrong(self, dreams: Sequence[ProvenTask]) -> list[WrongAnswer | None]:
        return [None if dream.review is Review.PENDING else _mutant(dream.solution) for dream in dreams]


def _mutant(right: str) -> WrongAnswer:
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
