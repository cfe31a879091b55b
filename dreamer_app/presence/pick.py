"""Which sources there are on this computer, by system and settings. It looks at nothing itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.presence.pynput_input import PynputSource
from dreamer_app.presence.source import PresenceSource
from dreamer_app.presence.xsync import XSyncSource


def pick_sources(settings: PresenceSettings) -> Iterator[PresenceSource]:
    """Every source worth starting here; each finds out by itself whether it can see, again and again."""
    if settings.idle_alarm and sys.platform == "linux":
        yield XSyncSource()
        for display in settings.more_displays:
            yield XSyncSource(display)
    if settings.second_look:
        yield PynputSource("pointer")
        yield PynputSource("keyboard")
