"""What the resident program sees with: who is there, how the computer is, and what stops all work fastest.

Seams only: the real parts are put together at the composition root, tests put in others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dreamer_app.core.settings import Settings
from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensor_thread import SensorStatus
from dreamer_app.presence.source import Emit
from dreamer_app.presence.watch import PresenceNow


class Presence(Protocol):
    """Who is there (`PresenceWatch`, or the sentinel that hosts it)."""

    def start(self) -> None:
        """Begin to look; returns at once."""
        ...

    def stop(self) -> None:
        """Stop looking."""
        ...

    def attend(self, *, closely: bool) -> None:
        """Look closely while dreaming."""
        ...

    def now(self) -> PresenceNow:
        """Who is there; must not block."""
        ...


class Energy(Protocol):
    """How the computer is (`EnergyManager`)."""

    def start(self) -> None:
        """Begin to measure; returns at once."""
        ...

    def stop(self) -> None:
        """Stop measuring; must not block for long."""
        ...

    def attend(self, *, closely: bool) -> None:
        """Measure every second, graphics cards included, or with as little effort as possible."""
        ...

    def reading(self) -> EnergyReading:
        """What is known now; must not block."""
        ...

    def watt_hours(self) -> float | None:
        """Energy since the last `attend(closely=True)`, None when it cannot be measured."""
        ...

    def sensors(self) -> Sequence[SensorStatus]:
        """How every sensor is."""
        ...


class WakePath(Protocol):
    """Stops all work without the event loop, faster than the night itself can."""

    @property
    def awake_since(self) -> float | None:
        """When the event was that stopped everything (`time.monotonic`); None while work may go on."""
        ...

    def trigger(self, reason: SuspendReason) -> bool:
        """Freeze everything now, from any thread; False when it stands still already."""
        ...

    def heed_input(self, *, on: bool) -> None:
        """Whether input may freeze everything by itself."""
        ...

    async def thaw(self) -> None:
        """Let it go on."""
        ...

    async def release(self, reason: SuspendReason) -> None:
        """Give back the memory of workers and model."""
        ...


@dataclass(frozen=True)
class Senses:
    """Factories of all senses.

    Attributes:
        presence: Makes the eyes; what they see is emitted, from any thread.
        energy: Makes the meters.
    """

    presence: Callable[[Emit, Settings], Presence]
    energy: Callable[[Settings], Energy]


class SomebodyIsThere:
    """Eyes that see somebody all the time: without real ones it dreams only when it is told to."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> None:
        """Nothing to end."""

    def attend(self, *, closely: bool) -> None:
        """There is nothing to look at."""

    def now(self) -> PresenceNow:
        """Somebody is there."""
        return PresenceNow(idle_seconds=0.0)


class NothingIsKnown:
    """Meters of a computer that cannot be measured."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> None:
        """Nothing to end."""

    def attend(self, *, closely: bool) -> None:
        """There is nothing to measure."""

    def reading(self) -> EnergyReading:
        """Everything is unknown."""
        return EnergyReading()

    def watt_hours(self) -> float | None:
        """Unknown."""
        return None

    def sensors(self) -> Sequence[SensorStatus]:
        """There are none."""
        return ()


BLIND = Senses(presence=lambda _emit, _settings: SomebodyIsThere(), energy=lambda _settings: NothingIsKnown())
"""For programs without a desktop to look at."""
