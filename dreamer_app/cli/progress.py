"""The progress of long work as one line that renews itself on a terminal, and as plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.markup import escape

from dreamer_app.cli.desk import Desk
from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.events import Event, Listener, Progress, Warned

QUIET_SECONDS = 2.0
"""Between two plain lines about the same task, so that a log of a long ingest stays readable."""


class PlainSteps:
    """Chooses which steps are worth a line of their own where lines cannot be renewed.

    Args:
        clock: What time it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._task = ""
        self._told = 0.0

    def worth_a_line(self, event: Progress) -> bool:
        """A new task, or the same one after a while."""
        now = self._clock.monotonic()
        if event.task == self._task and now - self._told < QUIET_SECONDS:
            return False
        self._task, self._told = event.task, now
        return True


def step_text(event: Progress) -> str:
    """A step in words."""
    if event.total:
        return f"{event.task}: {event.step} ({event.done} of {event.total})"
    return f"{event.task}: {event.step}"


@contextmanager
def step_display(desk: Desk) -> Iterator[Listener]:
    """A listener that shows steps on stderr while the block runs."""
    console = desk.err
    if not console.is_terminal:
        steps = PlainSteps(SystemClock())

        def plain(event: Event) -> None:
            if isinstance(event, Warned):
                desk.warn(event.message)
            elif isinstance(event, Progress) and steps.worth_a_line(event):
                console.print(step_text(event), markup=False, soft_wrap=True)

        yield plain
        return
    with console.status("…") as status:

        def live(event: Event) -> None:
            if isinstance(event, Warned):
                desk.warn(event.message)
            elif isinstance(event, Progress):
                status.update(escape(step_text(event)))

        yield live
