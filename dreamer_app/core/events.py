"""What happens, as values: the engine tells, anybody listens.

Listeners are called in order on the engine's thread; a listener must be quick and must not raise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from dreamer_app.core.types import Dream, Frozen, Night, Receipt


class Progress(Frozen):
    """A step of long work.

    Attributes:
        task: What is being done, e.g. `ingest textual`.
        step: The present step in plain words.
        done: Units finished.
        total: Units in all, None when unknown.
    """

    task: str
    step: str
    done: int = 0
    total: int | None = None


class NightStarted(Frozen):
    """A night has begun."""

    night: Night


class ScenarioWoven(Frozen):
    """A scenario waits for its proof."""

    dream_id: str
    title: str
    libraries: tuple[str, ...]


class GatePassed(Frozen):
    """A gate has spoken about a dream."""

    dream_id: str
    receipt: Receipt


class DreamJudged(Frozen):
    """A dream is verified or failed, and stored."""

    dream: Dream


class WorkInterrupted(Frozen):
    """The computer was taken back."""

    reason: str


class NightEnded(Frozen):
    """A night is over and stored."""

    night: Night


class Warned(Frozen):
    """Something a person should know though work goes on."""

    kind: Literal["infrastructure", "source", "worker", "model"]
    message: str


Event = Progress | NightStarted | ScenarioWoven | GatePassed | DreamJudged | WorkInterrupted | NightEnded | Warned
Listener = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """The listener that does nothing."""


class Broadcast:
    """One listener that tells any number of others. Belongs to the engine's thread."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def __call__(self, event: Event) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            listener(event)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told from now on; the result ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None
