"""What the engine needs of the Guardian, no more. The real one and its wiring live elsewhere."""

from __future__ import annotations

from typing import Protocol

from dreamer_app.core.types import Candidate, Dream, Frozen, LibraryPin, Scenario, Verdict


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


class NightRequest(Frozen):
    """What a night shall be.

    Attributes:
        libraries: Libraries under study, already ingested.
        dreams: The night ends when this many are verified.
        minutes: The night ends after this time.
        workers: Proofs at the same time.
        seed: Of all random choices.
    """

    libraries: tuple[LibraryPin, ...]
    dreams: int
    minutes: float
    workers: int
    seed: int
