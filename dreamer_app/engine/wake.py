"""Why dreaming stops, as a closed list."""

from __future__ import annotations

from enum import StrEnum

from dreamer_app.core.types import NightEnd


class WakeReason(StrEnum):
    """Who or what needs the computer, or why enough was dreamt."""

    PRESENCE = "someone is back"
    STOPPED = "stopped by the user"
    TIME = "the time for dreaming is over"
    ENOUGH = "the goal is reached"

    @property
    def end(self) -> NightEnd:
        """How a night ends for this reason."""
        return _ENDS[self]


_ENDS = {
    WakeReason.PRESENCE: NightEnd.WOKEN,
    WakeReason.STOPPED: NightEnd.STOPPED,
    WakeReason.TIME: NightEnd.TIME,
    WakeReason.ENOUGH: NightEnd.ENOUGH,
}
