"""Who or what it was that woke it, in a few words for the journal. Pure; it never says which key, and knows none."""

from __future__ import annotations

from dreamer_app.core.i18n import mark, tr
from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.presence.source import PresenceEvent, PresenceKind

SEEN = {
    PresenceKind.INPUT: mark("mouse or keyboard"),
    PresenceKind.MOTION: mark("the mouse moved"),
    PresenceKind.PRESS: mark("a key or a button"),
    PresenceKind.UNLOCKED: mark("the screen was unlocked"),
    PresenceKind.BACK: mark("the session came back"),
}

BY_EVENT = frozenset(
    {
        SuspendReason.USER_ACTIVE,
        SuspendReason.API_REQUEST,
        SuspendReason.EXCLUSIVE_APP,
        SuspendReason.IDLE_INHIBITED,
        SuspendReason.SYSTEM_SUSPEND,
    }
)
"""Reasons that something brings which happens; the others are states that somebody measures."""

REQUEST = mark("a request to the local API")


def in_words(event: PresenceEvent) -> str:
    """What was seen and by whom: `the mouse moved (pynput pointer)`."""
    what = tr(SEEN[event.kind]) if event.kind in SEEN else event.detail
    return f"{what} ({event.source})" if what else event.source


def measured(reason: SuspendReason, reading: EnergyReading) -> str:
    """The figure behind a reason that is measured; empty where there is none."""
    celsius = {SuspendReason.CPU_HOT: reading.cpu_celsius, SuspendReason.GPU_HOT: reading.gpu_celsius}.get(reason)
    return "" if celsius is None else f"{celsius:.0f} °C"
