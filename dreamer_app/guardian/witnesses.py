"""What the gates need of independent minds. The council of the coder's room answers it; here is only the seam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dreamer_app.core.types import Candidate, Scenario


class Claim(Protocol):
    """One call with what it must do, from the task text alone."""

    @property
    def call(self) -> str:
        """The call as source text."""
        ...

    @property
    def returns(self) -> str | None:
        """The value as source text."""
        ...

    @property
    def raises(self) -> str | None:
        """The exception's name."""
        ...


class Claims(Protocol):
    """An independent suite."""

    @property
    def checks(self) -> Sequence[Claim]:
        """Its calls."""
        ...


class View(Protocol):
    """An opinion about a task text."""

    @property
    def score(self) -> int:
        """From 1, of no use, to 5."""
        ...

    @property
    def quotation(self) -> str:
        """The words that it is about."""
        ...

    @property
    def reason(self) -> str:
        """In a sentence."""
        ...


class Witnesses(Protocol):
    """Independent minds."""

    @property
    def name(self) -> str:
        """Of the model."""
        ...

    @property
    def available(self) -> bool:
        """Whether anything more can be asked tonight."""
        ...

    async def witnesses(self, scenario: Scenario) -> Sequence[Candidate]:
        """Solutions from the text alone; the author's own, if there is one, is called `reference`.

        Raises:
            InfrastructureError: They could not be asked.
            BudgetSpentError: They may not be asked.
        """
        ...

    async def suite(self, scenario: Scenario, number: int = 0) -> Claims | None:
        """Checks from the text alone; None where there was no usable answer. Another number asks again.

        Raises as `witnesses` does.
        """
        ...

    async def opinion(self, scenario: Scenario) -> View | None:
        """What they think of the text; None where there was no usable answer. Raises as `witnesses` does."""
        ...
