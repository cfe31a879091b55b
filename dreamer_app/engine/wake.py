"""Why dreaming stops, as a closed list."""

from __future__ import annotations

from enum import StrEnum

from dreamer_app.core.types import NightEnd


class WakeReason(StrEnum):
    """Who or what needs the computer."""

    PRESENCE = "someone is back"
    STOPPED = "stopped by the user"

    @property
    def end(self) -> NightEnd:
        """How a night ends for this reason."""
        return NightEnd.STOPPED if self is WakeReason.STOPPED else NightEnd.WOKEN
