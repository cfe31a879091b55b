"""How a gate leaves a receipt: timing, and failing closed.

Whatever goes wrong inside a gate becomes a receipt that rejects. Only infrastructure failure passes through, because it
says nothing about the candidate. No gate's rules live here.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from pydantic import JsonValue

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.interpreter import TRIES
from dreamer_app.core.types import GateVerdict, Receipt
from dreamer_app.llm.model import BudgetSpentError

if TYPE_CHECKING:
    from dreamer_app.guardian.trial import Trial

Evidence = dict[str, JsonValue]


@dataclass(frozen=True)
class Finding:
    """What a gate's rules found, before it becomes a receipt.

    Attributes:
        passed: Whether the rules are satisfied.
        evidence: Figures and findings, JSON only.
    """

    passed: bool
    evidence: Evidence = field(default_factory=dict)


def rejected(reason: str, **evidence: JsonValue) -> Finding:
    """A finding that rejects, with a reason for people."""
    return Finding(passed=False, evidence={"reason": reason, **evidence})


def listed(items: Iterable[str]) -> list[JsonValue]:
    """Strings as a JSON list."""
    return list(items)


class Gate(Protocol):
    """One check of the proof."""

    @property
    def id(self) -> str:
        """E.g. `G5`."""
        ...

    @property
    def name(self) -> str:
        """Plain words."""
        ...

    @property
    def version(self) -> str:
        """Of the gate's rules."""
        ...

    async def examine(self, trial: Trial) -> Receipt:
        """Look at one candidate.

        Raises:
            InfrastructureError: Nothing is known about the candidate.
        """
        ...


class TimedGate(ABC):
    """The common frame of all gates.

    Args:
        clock: Times the receipts.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[str]

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    async def examine(self, trial: Trial) -> Receipt:
        """Apply the rules and write the receipt; any exception becomes `error`, but for infrastructure and budgets."""
        started, cpu = self._clock.monotonic(), trial.cpu_seconds
        try:
            finding = await self._steadily(trial)
            verdict = GateVerdict.PASSED if finding.passed else GateVerdict.FAILED
            evidence = finding.evidence
        except (InfrastructureError, BudgetSpentError):
            raise
        except Exception as error:
            verdict, evidence = GateVerdict.ERROR, {"reason": f"{type(error).__name__}: {error}"[:1000]}
        if trial.cpu_seconds > cpu:
            evidence = {**evidence, "worker_cpu_seconds": round(trial.cpu_seconds - cpu, 3)}
        seconds = self._clock.monotonic() - started
        return Receipt(
            gate=self.id, name=self.name, version=self.version, verdict=verdict, evidence=evidence, seconds=seconds
        )

    async def _steadily(self, trial: Trial) -> Finding:
        """Apply the rules; again when the interpreter's own fault spoils it (see `core.interpreter`)."""
        for _ in range(TRIES - 1):
            try:
                return await self._apply(trial)
            except SystemError:
                continue
        return await self._apply(trial)

    @abstractmethod
    async def _apply(self, trial: Trial) -> Finding:
        """The gate's rules."""


class StaticGate(TimedGate):
    """A gate that only reads; its work is done in a thread so that the event loop never waits for it."""

    async def _apply(self, trial: Trial) -> Finding:
        return await asyncio.to_thread(self.read, trial)

    @abstractmethod
    def read(self, trial: Trial) -> Finding:
        """The gate's rules, blocking."""
