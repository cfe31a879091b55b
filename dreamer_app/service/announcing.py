"""What is worth a notification, and when: a summary once a night, a problem once a day, nothing in silent hours.

Pure but for the clock that is handed in; how a notice is shown is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.settings import NotificationSettings
from dreamer_app.core.states import DreamerState, Force, Snapshot, SuspendReason
from dreamer_app.core.types import Frozen, Night

LATER = timedelta(hours=2)
"""How long *Later* puts the summary off."""
ONCE = timedelta(hours=24)
"""A problem is not told twice within this time."""


class Morning(Frozen):
    """A summary that waits for the person.

    Attributes:
        night_id: The night that it is about.
        verified: Dreams verified in it.
        to_review: Dreams that wait for a decision.
    """

    night_id: str
    verified: int
    to_review: int

    @property
    def title(self) -> str:
        """The first line."""
        return tr("While you were away")

    @property
    def body(self) -> str:
        """What was dreamt."""
        dreamt = trn("I dreamt {n} new solution.", "I dreamt {n} new solutions.", self.verified)
        return f"{dreamt} {trn('{n} to review.', '{n} to review.', self.to_review)}"


def morning_of(night: Night, to_review: int, announced: str) -> Morning | None:
    """The summary of a night; None for one that brought nothing or was announced before."""
    verified = int(night.figures.get("verified", 0))
    if night.ended_at is None or verified < 1 or night.id == announced:
        return None
    return Morning(night_id=night.id, verified=verified, to_review=to_review)


def problem_of(snapshot: Snapshot, told: Mapping[str, datetime], now: datetime) -> SuspendReason | None:
    """The fault that a person should hear of now; None when there is none, or it was told today."""
    if snapshot.state is not DreamerState.BLOCKED:
        return None
    for reason in snapshot.reasons:
        last = told.get(reason)
        if reason.force is Force.FAULT and (last is None or now - last >= ONCE):
            return reason
    return None


def is_silent(settings: NotificationSettings, local: datetime) -> bool:
    """Whether these are hours in which nothing is shown."""
    start, end = time.fromisoformat(settings.quiet_start), time.fromisoformat(settings.quiet_end)
    moment = local.time()
    if start == end:
        return False
    return start <= moment < end if start < end else moment >= start or moment < end


def silence_ends(settings: NotificationSettings, local: datetime) -> datetime:
    """The next moment that is not silent; now, when it is not."""
    if not is_silent(settings, local):
        return local
    end = time.fromisoformat(settings.quiet_end)
    today = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)
