"""A listener that keeps what it is told and can be waited upon."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dreamer_app.presence.source import PresenceEvent, PresenceKind, PresenceSource, SourceState

PATIENCE = 20.0
"""Seconds after which something that should happen at once counts as not happening."""


class Listener:
    """What was told, in order."""

    def __init__(self) -> None:
        self.events: list[PresenceEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: PresenceEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    @property
    def kinds(self) -> list[PresenceKind]:
        """Kinds of everything that was told."""
        return [event.kind for event in self.events]

    def wait(self, what: Callable[[PresenceEvent], bool] | PresenceKind, since: int = 0) -> PresenceEvent:
        """The first such event from the given place on; waits for it."""

        def found() -> PresenceEvent | None:
            for event in self.events[since:]:
                if event.kind is what if isinstance(what, PresenceKind) else what(event):
                    return event
            return None

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, PATIENCE), f"{what} not in {self.events}"
            event = found()
            assert event is not None
            return event


def wait_until(condition: Callable[[], bool], what: str = "") -> None:
    """Look again and again until it holds."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError(f"did not come true: {what or condition}")


def wait_active(*sources: PresenceSource) -> None:
    """Until every one of them sees."""
    for source in sources:
        wait_until(lambda one=source: one.status.state is SourceState.ACTIVE, str(source.status))  # type: ignore[misc]
