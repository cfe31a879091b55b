"""What a person sees of the running program: state to words, icon and what can be done. Pure, and without Qt.

Tray, window and notifications all speak through it, so that they never disagree. It decides nothing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dreamer_app.core.frozen import Frozen
from dreamer_app.core.i18n import mark, tr, trn
from dreamer_app.core.states import DreamerState, Force, Snapshot, SuspendReason


class Verb(StrEnum):
    """What the toggle does."""

    DREAM_NOW = "dream_now"
    STOP = "stop"
    RESUME = "resume"
    FIX = "fix"
    NOTHING = "nothing"


_TOGGLES = {
    Verb.DREAM_NOW: mark("Dream now"),
    Verb.STOP: mark("Stop dreaming"),
    Verb.RESUME: mark("Resume"),
    Verb.FIX: mark("Fix…"),
    Verb.NOTHING: mark("Waking…"),
}


class View(Frozen):
    """How the program looks at one moment.

    Attributes:
        icon: Of `resources/icons/tray`, also its name in an icon theme.
        headline: One line: what it does.
        detail: One line more: why, how far, how warm; may be empty.
        tooltip: Both in one.
        verb: What the toggle does now.
        toggle: What it says.
        fix: One sentence that mends what is wrong; empty where nothing is.
        can_finish: Whether *Finish, then stop* makes sense.
        can_pause: Whether *Pause* makes sense.
        journal: The journal's entry, with what waits for a decision.
    """

    icon: str
    headline: str
    detail: str
    tooltip: str
    verb: Verb
    toggle: str
    fix: str
    can_finish: bool
    can_pause: bool
    journal: str


def present(snapshot: Snapshot, now: datetime) -> View:
    """The view of a snapshot.

    Args:
        snapshot: How the program is.
        now: With the time zone that the person lives in.
    """
    headline = _headline(snapshot, now)
    detail = _detail(snapshot, now)
    verb = _verb(snapshot)
    first = snapshot.reasons[0] if snapshot.reasons else None
    waiting = snapshot.to_review
    journal = tr("Dream Journal…")
    if waiting:
        journal += "  " + trn("({n} to review)", "({n} to review)", waiting)
    return View(
        icon=f"dreamer-{snapshot.state}-symbolic",
        headline=headline,
        detail=detail,
        tooltip=" · ".join(part for part in (headline, detail, *snapshot.notices[:1]) if part),
        verb=verb,
        toggle=tr(_TOGGLES[verb]),
        fix=tr(first.fix) if snapshot.state is DreamerState.BLOCKED and first and first.fix else "",
        can_finish=snapshot.state is DreamerState.DREAMING and not snapshot.finishing,
        can_pause=snapshot.state is not DreamerState.WAKING,
        journal=journal,
    )


def moment(when: datetime, now: datetime) -> str:
    """A time as people say it: `14:30` today, with the day of the week later on."""
    local = when.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    days = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
    return f"{days[local.weekday()]} {local:%H:%M}"


def why(reason: SuspendReason) -> str:
    """A reason in the person's language."""
    return tr(reason.text)


def _headline(snapshot: Snapshot, now: datetime) -> str:
    match snapshot.state:
        case DreamerState.AWAKE:
            return tr("Awake")
        case DreamerState.DROWSY if snapshot.next_dream is not None:
            minutes = max(1, round((snapshot.next_dream - now).total_seconds() / 60))
            return trn("Asleep in {n} min", "Asleep in {n} min", minutes)
        case DreamerState.DROWSY:
            return tr("Falling asleep…")
        case DreamerState.DREAMING:
            verified = trn("{n} verified", "{n} verified", snapshot.verified)
            return tr("Dreaming — {verified} tonight", verified=verified)
        case DreamerState.WAKING:
            return tr("Waking…")
        case DreamerState.PAUSED if snapshot.until is not None:
            return tr("Paused until {time}", time=moment(snapshot.until, now))
        case DreamerState.PAUSED:
            return tr("Paused until you resume")
        case DreamerState.BLOCKED:
            return tr("Not dreaming: {reason}", reason=why(snapshot.reasons[0])) if snapshot.reasons else tr("Awake")


def _detail(snapshot: Snapshot, now: datetime) -> str:
    if snapshot.state is DreamerState.DREAMING:
        return " · ".join(_progress(snapshot))
    if snapshot.state is DreamerState.BLOCKED:
        return snapshot.detail or (tr(snapshot.reasons[0].fix) if snapshot.reasons else "")
    if snapshot.state is not DreamerState.AWAKE:
        return ""
    if snapshot.next_dream is not None:
        return tr("next dream about {time}", time=moment(snapshot.next_dream, now))
    return why(snapshot.reasons[0]) if snapshot.reasons else tr("dreams when nobody needs the computer")


def _progress(snapshot: Snapshot) -> list[str]:
    parts = [" × ".join(snapshot.libraries[:3])] if snapshot.libraries else []
    if snapshot.workers_wanted:
        wanted = snapshot.workers_wanted
        parts.append(trn("{busy} of {n} worker", "{busy} of {n} workers", wanted, busy=snapshot.workers))
    hottest = max((value for value in (snapshot.cpu_celsius, snapshot.gpu_celsius) if value is not None), default=None)
    if hottest is not None:
        parts.append(f"{hottest:.0f} °C")
    if snapshot.watts is not None:
        parts.append(f"{snapshot.watts:.0f} W")
    if snapshot.finishing:
        parts.append(tr("stops after this dream"))
    return parts


def _verb(snapshot: Snapshot) -> Verb:
    match snapshot.state:
        case DreamerState.DREAMING:
            return Verb.STOP
        case DreamerState.WAKING:
            return Verb.NOTHING
        case DreamerState.PAUSED:
            return Verb.RESUME
        case DreamerState.BLOCKED if snapshot.reasons and snapshot.reasons[0].force is Force.FAULT:
            return Verb.FIX
        case _:
            return Verb.DREAM_NOW
