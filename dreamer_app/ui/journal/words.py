"""What the journal says: states, gates, actions and their undoing, evidence in a sentence. Values to texts; no Qt."""

from __future__ import annotations

from datetime import UTC, datetime

from dreamer_app.core.i18n import mark, tr, trn
from dreamer_app.core.plain_text import one_line
from dreamer_app.core.types import DreamState, Review
from dreamer_app.store.records import ActionKind, AttemptRecord, DreamSummary, ReviewAction

_STATES = {
    DreamState.RUNNING: mark("being proved"),
    DreamState.VERIFIED: mark("proved"),
    DreamState.FAILED: mark("not proved"),
    DreamState.INTERRUPTED: mark("cut short"),
}
_REVIEWS = {
    Review.PENDING: mark("to review"),
    Review.APPROVED: mark("approved"),
    Review.REJECTED: mark("rejected by you"),
}
_GATES = {
    "G0": mark("shape"),
    "G1": mark("imports"),
    "G2": mark("API exists"),
    "G3": mark("security"),
    "G4": mark("novelty"),
    "G5": mark("clean run"),
    "G6": mark("stub battery"),
    "G7": mark("library needed"),
    "G8": mark("determinism"),
    "G9": mark("coverage and mutation"),
    "G10": mark("properties"),
    "G11": mark("independent agreement"),
    "G12": mark("independent tests"),
    "G13": mark("opinion"),
}
_PURPOSES = {
    "dream": mark("dreamt"),
    "again": mark("proved again"),
    "edit": mark("your edit"),
}
REASONS = (
    mark("not useful"),
    mark("too easy"),
    mark("unclear task"),
    mark("poor style"),
    mark("seen before"),
)
"""Reasons for a rejection that are one click away."""


def state_text(line: DreamSummary) -> str:
    """Where a dream is, the machine's word before a person's."""
    if line.state is DreamState.VERIFIED:
        return tr(_REVIEWS[line.review])
    if line.state is DreamState.FAILED and line.stopped_by:
        return tr("stopped by {gate}", gate=gate_text(line.stopped_by))
    return tr(_STATES[line.state])


def gate_text(gate: str, name: str = "") -> str:
    """A gate with its plain name."""
    plain = tr(_GATES[gate]) if gate in _GATES else one_line(name)
    return f"{gate} {plain}".strip()


def icon_of(line: DreamSummary) -> tuple[str, str]:
    """Icon and tone of a dream's state; shapes differ, not only colours."""
    if line.state is DreamState.VERIFIED:
        return {
            Review.PENDING: ("moon", "accent"),
            Review.APPROVED: ("ok", "ok"),
            Review.REJECTED: ("cross", "bad"),
        }[line.review]
    if line.state is DreamState.FAILED:
        return ("warning", "warn")
    return ("clock", "text_muted")


def night_text(night_id: str, now: datetime) -> str:
    """A night by its day, as the computer's clock has it: `last night`'s date, or day and month."""
    at = night_time(night_id)
    if at is None:
        return night_id
    local, today = at.astimezone(), now.astimezone().date()
    days = (today - local.date()).days
    if days == 0:
        return tr("Today, {time}", time=f"{local:%H:%M}")
    if days == 1:
        return tr("Yesterday, {time}", time=f"{local:%H:%M}")
    return f"{local:%d.%m, %H:%M}" if local.year == today.year else f"{local:%d.%m.%Y, %H:%M}"


def night_time(night_id: str) -> datetime | None:
    """When a night began, from its identifier."""
    try:
        return datetime.strptime(night_id[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def when_text(at: datetime, now: datetime) -> str:
    """A moment: the time of today, or the day."""
    local = at.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%d.%m.%Y}"


def action_text(kind: ActionKind, dreams: int) -> str:
    """What a person did, as the name of its undoing."""
    match kind:
        case ActionKind.APPROVE:
            return trn("Approve {n} dream", "Approve {n} dreams", dreams)
        case ActionKind.REJECT:
            return trn("Reject {n} dream", "Reject {n} dreams", dreams)
        case ActionKind.RESET:
            return trn("Set {n} dream back", "Set {n} dreams back", dreams)
        case ActionKind.NOTE:
            return trn("Note on {n} dream", "Note on {n} dreams", dreams)
        case ActionKind.FLAG:
            return trn("Flag {n} dream", "Flag {n} dreams", dreams)
        case ActionKind.UNFLAG:
            return trn("Unflag {n} dream", "Unflag {n} dreams", dreams)
        case ActionKind.EDIT:
            return trn("Edit {n} dream", "Edit {n} dreams", dreams)


def undo_text(action: ReviewAction | None) -> str:
    """`Undo Approve 3 dreams`; empty when there is nothing to undo."""
    return "" if action is None else tr("Undo “{action}”", action=action_text(action.kind, len(action.dreams)))


def done_text(kind: ActionKind, dreams: int) -> str:
    """What a decision did, said once it is done."""
    match kind:
        case ActionKind.APPROVE:
            return trn("Approved {n} dream", "Approved {n} dreams", dreams)
        case ActionKind.REJECT:
            return trn("Rejected {n} dream", "Rejected {n} dreams", dreams)
        case _:
            return action_text(kind, dreams)


def decision_text(review: Review) -> str:
    """A person's word in the history."""
    return tr(_REVIEWS[review])


def attempt_text(attempt: AttemptRecord) -> str:
    """What an attempt was and how it ended."""
    if attempt.accepted is None:
        end = tr("cut short")
    elif attempt.accepted:
        end = tr("all gates passed")
    else:
        end = tr("stopped by {gate}", gate=gate_text(attempt.receipts[-1].gate) if attempt.receipts else "?")
    return f"{tr(_PURPOSES[attempt.purpose])} · {end}"
