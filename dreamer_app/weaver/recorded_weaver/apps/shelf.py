"""What the parts of a catalogue share: the records, and how a test picks one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain, article
from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Draft, Look

CARD = 'app.query_one("#card")'


AMOUNTS = (12, 5, 30, 8)


@dataclass
class Shelf:
    """A catalogue in the making.

    Attributes:
        draft: What is added to.
        rng: All random choices.
        domain: The words.
        rows: Name, amount and group of each record.
        card: How the details look.
        after: Lines that run after a record was picked; `name` is bound.
        looks: Further things that change.
        pick: How a test picks the n-th record.
        listed: How a test sees what is listed.
        fill: Lines that list the records of `{rows}`.
    """

    draft: Draft
    rng: random.Random
    domain: Domain
    rows: tuple[tuple[str, int, str], ...]
    card: Look = field(default_factory=lambda: Look(""))
    after: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    pick: Callable[[Case, int], Case] = lambda case, _place: case
    listed: Look = field(default_factory=lambda: Look(""))

    @property
    def constant(self) -> str:
        """Name of the constant that holds the records."""
        return self.domain.plural.upper()

    def everything(self) -> tuple[Look, ...]:
        """The details and what changes with them."""
        return (self.card, *self.looks)


def thing(shelf: Shelf) -> str:
    """`A ticket`, at the start of a sentence."""
    return article(shelf.domain.noun).capitalize()


def told(shelf: Shelf) -> str:
    """All names, for people."""
    return ", ".join(f"`{name}`" for name, _, _ in shelf.rows)
