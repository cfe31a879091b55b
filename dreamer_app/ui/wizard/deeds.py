"""What the first steps need done, as the composition root hands it over; the wizard itself touches nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dreamer_app.core.checks import Check
from dreamer_app.core.events import Listener
from dreamer_app.core.settings import ScheduleSettings


@dataclass(frozen=True)
class Deeds:
    """Verbs.

    Attributes:
        look: Every prerequisite, each ok, warning or missing with its fix.
        known: Libraries that are known already, by name and version.
        learn: Reads sources, as typed for `dreamer ingest`.
        schedule: When it dreams, as set now.
        set_schedule: Changes that.
        starts_at_login: As the disk says.
        start_at_login: Changes that.
        dream_now: Starts dreaming.
        finish: Ends it after the dreams under way.
        subscribe: Hears what happens in a night; the result ends it.
        start: Does work that takes time; what goes wrong is told.
        done: The first steps were taken or skipped.
    """

    look: Callable[[], Awaitable[Sequence[Check]]]
    known: Callable[[], Awaitable[Sequence[str]]]
    learn: Callable[[Sequence[str]], Awaitable[None]]
    schedule: Callable[[], ScheduleSettings]
    set_schedule: Callable[[ScheduleSettings], None]
    starts_at_login: Callable[[], bool]
    start_at_login: Callable[[bool], None]
    dream_now: Callable[[], Awaitable[None]]
    finish: Callable[[], Awaitable[None]]
    subscribe: Callable[[Listener], Callable[[], None]]
    start: Callable[[Callable[[], Awaitable[None]]], None]
    done: Callable[[], None]
