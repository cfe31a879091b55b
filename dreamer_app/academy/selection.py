"""Which dreams an export takes: by review, tier, library, licence, and by how much of each origin and library.

Decided from outlines, before a dream is read whole, so that an export streams. Limits keep the first in the order of
identifiers, which are digests and thus a fair sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from dreamer_app.core.types import Dream, Frozen, LibraryPin, Review, Tier

UNLIMITED = 2**60


class ExportOrder(Frozen):
    """What somebody asks of an export.

    Attributes:
        format: Name of the format.
        dreams: Only these, by identifier; None means all.
        approved_only: Leave out what nobody has looked at.
        tiers: Only these; none means all.
        libraries: Only dreams that need no library beside these; none means all.
        licenses: Patterns of licences (`MIT`, `BSD*`); a dream is taken when every library of it matches one. None
            means all.
        limits: At most this many dreams of an origin or of a library, by name; `recorded` stands for an origin as
            `model:<name>` does.
        training: Write a file per split and recipes for training beside them.
        model: Base model that the recipes name.
    """

    format: str
    dreams: frozenset[str] | None = None
    approved_only: bool = False
    tiers: tuple[Tier, ...] = ()
    libraries: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    limits: Mapping[str, int] = {}
    training: bool = False
    model: str = "Qwen/Qwen2.5-Coder-1.5B-Instruct"


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a verified dream decides whether it is taken.

    Attributes:
        id: Of the dream.
        origin: `recorded` or `model:<name>`.
        tier: How far it was proved.
        review: A person's word.
        libraries: With their licences, where an order asks for these.
        apis: Names of the APIs that it needs, each once.
    """

    id: str
    origin: str
    tier: Tier
    review: Review
    libraries: tuple[LibraryPin, ...]
    apis: Collection[str]


@dataclass
class Selection:
    """What is taken, and why the rest is not.

    Attributes:
        order: What was asked for.
        rejected: Dreams that a person rejected are taken too.
        left_out: Counts by reason.
    """

    order: ExportOrder
    rejected: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    _taken: Counter[str] = field(default_factory=Counter)

    def takes(self, outline: Outline) -> bool:
        """Whether a dream is taken; each is to be asked about once, in the order of identifiers."""
        reason = self._against(outline)
        if reason is not None:
            self.left_out[reason] += 1
            return False
        if self.order.limits:
            self._taken.update(_groups(outline))
        return True

    def _against(self, outline: Outline) -> str | None:
        order = self.order
        for reason, stands in _REASONS.items():
            if stands(order, outline) and not (reason == "rejected by you" and self.rejected):
                return reason
        if not order.limits:
            return None
        full = [name for name in _groups(outline) if self._taken[name] >= order.limits.get(name, UNLIMITED)]
        return f"more than the limit of {full[0]}" if full else None


def outline_of(dream: Dream, *, licenses: bool) -> Outline:
    """The outline of a verified dream."""
    assert dream.verdict is not None and dream.verdict.tier is not None
    pins = dream.scenario.libraries
    return Outline(
        id=dream.id,
        origin=dream.scenario.origin,
        tier=dream.verdict.tier,
        review=dream.review,
        libraries=tuple(pin if licenses else LibraryPin(name=pin.name, version=pin.version) for pin in pins),
        apis=frozenset(use.name for use in dream.scenario.uses_api),
    )


def _groups(outline: Outline) -> list[str]:
    return [outline.origin, *(pin.name for pin in outline.libraries)]


def _unlicensed(order: ExportOrder, outline: Outline) -> bool:
    return bool(order.licenses) and not all(_matches(pin.license, order.licenses) for pin in outline.libraries)


def _matches(stated: str | None, patterns: Iterable[str]) -> bool:
    return stated is not None and any(fnmatchcase(stated.lower(), pattern.lower()) for pattern in patterns)


_REASONS: dict[str, Callable[[ExportOrder, Outline], bool]] = {
    "not chosen": lambda order, outline: order.dreams is not None and outline.id not in order.dreams,
    "rejected by you": lambda _, outline: outline.review is Review.REJECTED,
    "not looked at": lambda order, outline: order.approved_only and outline.review is Review.PENDING,
    "another tier": lambda order, outline: bool(order.tiers) and outline.tier not in order.tiers,
    "other libraries": lambda order, outline: (
        bool(order.libraries) and not {pin.name for pin in outline.libraries} <= set(order.libraries)
    ),
    "another licence": _unlicensed,
}
