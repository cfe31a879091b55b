"""What the parts of a tally share: the options, the counts and how a test makes a choice."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Draft, Look

BOARD = 'app.query_one("#board")'


@dataclass
class Poll:
    """A tally in the making.

    Attributes:
        draft: What is added to.
        rng: All random choices.
        domain: The words.
        options: What can be chosen.
        board: How the standing looks.
        after: Lines that run after the standing was drawn.
        looks: Further things that change.
        names: Expression for all options.
        choose: How a test chooses the n-th option.
    """

    draft: Draft
    rng: random.Random
    domain: Domain
    options: tuple[str, ...]
    board: Look = field(default_factory=lambda: Look(""))
    after: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    names: str = ""
    choose: Callable[[Case, int], Case] = lambda case, _place: case

    @property
    def constant(self) -> str:
        """Name of the constant that holds the options."""
        return f"{self.domain.group.upper()}S"

    def everything(self) -> tuple[Look, ...]:
        """The standing and what changes with it."""
        return (self.board, *self.looks)

    def choices(self, case: Case, *places: int) -> Case:
        """Choose several times."""
        for place in places:
            self.choose(case, place)
        return case


def subject(poll: Poll) -> str:
    """What is counted, in one word."""
    return poll.domain.group if poll.options == poll.domain.groups else poll.domain.noun


def told(poll: Poll) -> str:
    """All options, for people."""
    return ", ".join(f"`{option}`" for option in poll.options)
