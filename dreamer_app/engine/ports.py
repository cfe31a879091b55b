"""What the engine needs of the Guardian, no more. The real one and its wiring live elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dreamer_app.core.types import Candidate, Dream, Frozen, LibraryPin, ModelUse, Scenario, Verdict


class Judge(Protocol):
    """Proves candidates and remembers what was accepted."""

    @property
    def policy(self) -> str:
        """Digest of gate versions and thresholds, for the provenance of a dream."""
        ...

    async def judge(self, scenario: Scenario, candidate: Candidate) -> Verdict:
        """Run the gates.

        Raises:
            InfrastructureError: Nothing is known about the candidate.
        """
        ...

    def remember(self, dream: Dream) -> None:
        """A dream is stored as verified: later copies of it are duplicates."""
        ...


class ModelCalls(Protocol):
    """What the engine needs of the night's language models."""

    def abort_all(self) -> None:
        """Cut every answer at once and start none. Idempotent, from any thread."""
        ...

    def allow(self) -> None:
        """Requests may be made again."""
        ...

    async def release(self) -> None:
        """Unload the models that we loaded, within seconds; raises nothing."""
        ...

    def asked(self, scenario: Scenario) -> ModelUse:
        """What was asked about a scenario since it was woven."""
        ...

    def figures(self) -> Mapping[str, float]:
        """For the night's record: calls, tokens, cost, and answers that came to nothing."""
        ...


class NoModel:
    """A night without a language model."""

    def abort_all(self) -> None:
        """There is nothing to cut."""

    def allow(self) -> None:
        """There is nothing to allow."""

    async def release(self) -> None:
        """There is nothing to unload."""

    def asked(self, scenario: Scenario) -> ModelUse:
        """Nothing was asked."""
        del scenario
        return ModelUse()

    def figures(self) -> Mapping[str, float]:
        """None."""
        return {}


class NightRequest(Frozen):
    """What a night shall be.

    Attributes:
        libraries: Libraries under study, already ingested.
        dreams: The night ends when this many are verified.
        minutes: The night ends after this time.
        workers: Proofs at the same time.
        seed: Of all random choices.
        interest: What the night should rather be about, as in `WeaveRequest`.
    """

    libraries: tuple[LibraryPin, ...]
    dreams: int
    minutes: float
    workers: int
    seed: int
    interest: Mapping[str, float] = {}
