"""What the journal says: states, gates, actions and their undoing, evidence in a sentence. Values to texts; no Qt."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import JsonValue

from dreamer_app.core.i18n import mark, tr, trn
from dreamer_app.core.plain_text import one_line
from dreamer_app.core.types import DreamState, GateVerdict, Receipt, Review
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
    return f"{local:%d.%m.%Y, %H:%M}"


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


def evidence_text(receipt: Receipt) -> str:
    """The evidence of a receipt in one line: the reason where there is one, else its figures."""
    evidence = receipt.evidence
    reason = evidence.get("reason")
    if receipt.verdict is not GateVerdict.PASSED and isinstance(reason, str):
        return one_line(reason)
    parts = [f"{_plain(name)} {_short(value)}" for name, value in evidence.items() if _tells(value)]
    return one_line(" · ".join(parts[:4]))


def evidence_lines(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """All evidence, one name and value a line; each mutant that survived has a line in plain words."""
    lines: list[tuple[str, str]] = []
    for name, value in receipt.evidence.items():
        if name == "reason" or (value == 0 and not isinstance(value, bool)):
            continue  # the line above says it, or it says nothing
        if name == "survivors" and isinstance(value, list):
            lines = [(tr("a change that no test notices"), _change_text(change)) for change in value] + lines
        else:
            lines.append((_plain(name), one_line(_full(value))))
    return tuple(lines)


def _change_text(change: JsonValue) -> str:
    """A mutant as `line 35: a > b → a >= b`."""
    if not isinstance(change, dict) or not isinstance(change.get("diff"), str):
        return one_line(_full(change))
    lines = str(change["diff"]).splitlines()
    sides = [" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"]
    return one_line(tr("line {n}: {before} → {after}", n=change.get("line"), before=sides[0], after=sides[1]))


def _plain(name: str) -> str:
    return one_line(name.replace("_", " "))


def _tells(value: JsonValue) -> bool:
    return value not in (None, "", [], {}) and not isinstance(value, dict)


def _short(value: JsonValue) -> str:
    if isinstance(value, list):
        return str(len(value))
    text = _full(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _full(value: JsonValue) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, list):
        return ", ".join(_full(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_plain(name)} {_full(one)}" for name, one in value.items())
    return "–" if value is None else str(value)
