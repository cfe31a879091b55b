"""What several sources tell of one moment, told once.

Must not know any source by name; it compares facts only.
"""

from __future__ import annotations

from collections.abc import Iterator

from dreamer_app.presence.reporter import COALESCE
from dreamer_app.presence.source import PresenceEvent, PresenceKind

TELLER = 2.0
"""Seconds for which the way of the pointer is taken from the source that told it last, so that it counts once."""

_BEGINS = {
    PresenceKind.LOCKED: PresenceKind.UNLOCKED,
    PresenceKind.AWAY: PresenceKind.BACK,
    PresenceKind.INHIBITED: PresenceKind.UNINHIBITED,
    PresenceKind.EXCLUSIVE_STARTED: PresenceKind.EXCLUSIVE_ENDED,
    PresenceKind.SLEEPING: PresenceKind.RESUMED,
}
_ENDS = {end: begin for begin, end in _BEGINS.items()}


class Merger:
    """The states that sources have begun and not ended, and the input that was told last."""

    def __init__(self) -> None:
        self._told: dict[PresenceKind, float] = {}
        self._teller: tuple[str, float] | None = None
        self._holding: dict[PresenceKind, dict[str, str]] = {begin: {} for begin in _BEGINS}

    @property
    def locked(self) -> bool:
        """Whether any source says that the screen is locked."""
        return bool(self._holding[PresenceKind.LOCKED])

    @property
    def away(self) -> bool:
        """Whether any source says that the session is away."""
        return bool(self._holding[PresenceKind.AWAY])

    @property
    def inhibited_by(self) -> tuple[str, ...]:
        """Who keeps the screen on, in plain words."""
        return tuple(self._holding[PresenceKind.INHIBITED].values())

    @property
    def exclusive(self) -> tuple[str, ...]:
        """Which games and exclusive programs run."""
        return tuple(self._holding[PresenceKind.EXCLUSIVE_STARTED].values())

    def merge(self, event: PresenceEvent) -> Iterator[PresenceEvent]:
        """What is to be told of it: nothing, itself, or itself with what ends by it."""
        if event.kind.is_input:
            if self._is_news(event):
                yield event
        elif event.kind in _BEGINS:
            holding = self._holding[event.kind]
            first = not holding
            holding[event.source] = event.detail
            if first:
                yield event
        elif event.kind in _ENDS:
            holding = self._holding[_ENDS[event.kind]]
            held = holding.pop(event.source, None) is not None
            if held and not holding:
                yield event
        else:
            if event.kind is PresenceKind.QUIET:
                self._told.clear()
            yield event
            if event.kind is PresenceKind.SOURCE_LOST:
                yield from self._release(event)

    def _is_news(self, event: PresenceEvent) -> bool:
        if event.kind is PresenceKind.MOTION and not self._is_teller(event):
            return False
        rivals = [event.kind] if event.kind is not PresenceKind.INPUT else list(self._told)
        if any(event.at - self._told[kind] < COALESCE for kind in rivals if kind in self._told):
            return False
        self._told[event.kind] = event.at
        return True

    def _is_teller(self, event: PresenceEvent) -> bool:
        if self._teller is not None:
            name, at = self._teller
            if name != event.source and event.at - at < TELLER:
                return False
        self._teller = (event.source, event.at)
        return True

    def _release(self, lost: PresenceEvent) -> Iterator[PresenceEvent]:
        """A source that is gone holds nothing any more."""
        for begin, holding in self._holding.items():
            if holding.pop(lost.source, None) is not None and not holding:
                yield PresenceEvent(lost.at, _BEGINS[begin], lost.source, lost.detail)
