"""Presence as the application sees it when the sentinel does the looking.

It keeps the sentinel's last word and must not look at anything itself.
"""

from __future__ import annotations

import time

from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.presence.source import Emit, PresenceEvent, PresenceKind
from dreamer_app.presence.watch import PresenceNow
from dreamer_app.sentinel.client import SentinelClient
from dreamer_app.sentinel.wire import Message


class SentinelWatch:
    """Stands in for `PresenceWatch`.

    Args:
        client: The sentinel, which is started already.
        emit: Gets every fact, on the client's thread.
        settings: Which sources, which programs.
    """

    def __init__(self, client: SentinelClient, emit: Emit, settings: PresenceSettings) -> None:
        self._client = client
        self._emit = emit
        self._settings = settings
        self._last: Message = {}

    def start(self) -> None:
        """Begin to look; returns at once."""
        self._client.hear["presence"] = self._seen
        self._client.hear["now"] = self._told
        self._client.watch(self._settings.model_dump(mode="json"))

    def stop(self) -> None:
        """Stop looking."""
        self._client.hear.pop("presence", None)
        self._client.hear.pop("now", None)
        self._client.watch(None)
        self._last = {}

    def attend(self, *, closely: bool) -> None:
        """Look closely while dreaming."""
        self._client.attend(closely=closely)

    def now(self) -> PresenceNow:
        """Who is there; somebody is, until the sentinel's first word."""
        last = self._last
        if not last:
            return PresenceNow(idle_seconds=0.0)
        since = last.get("idle_from")
        return PresenceNow(
            idle_seconds=None if since is None else max(time.monotonic() - since, 0.0),
            locked=bool(last.get("locked")),
            away=bool(last.get("away")),
            inhibited_by=tuple(last.get("inhibited_by", ())),
            exclusive=tuple(last.get("exclusive", ())),
        )

    def _told(self, message: Message) -> None:
        self._last = message

    def _seen(self, message: Message) -> None:
        kind = PresenceKind(message["kind"])
        self._emit(PresenceEvent(message["at"], kind, message["source"], message["detail"], message["pixels"]))
