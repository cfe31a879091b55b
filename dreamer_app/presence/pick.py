"""Which sources there are on this computer, by system and settings. It looks at nothing itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.presence.bus import BusLoop
from dreamer_app.presence.fullscreen import FullscreenSource
from dreamer_app.presence.gamemode import GameModeSource
from dreamer_app.presence.inhibitors import DesktopInhibitors, SystemInhibitors
from dreamer_app.presence.logind import IdleHintSource, LogindSource
from dreamer_app.presence.mutter import MutterSource
from dreamer_app.presence.polled import system_source
from dreamer_app.presence.programs import ProgramsSource
from dreamer_app.presence.pynput_input import PynputSource
from dreamer_app.presence.screen_saver import ScreenSaverSource
from dreamer_app.presence.source import PresenceSource
from dreamer_app.presence.wayland_idle import WaylandSource
from dreamer_app.presence.xsync import XSyncSource


def pick_sources(settings: PresenceSettings) -> Iterator[PresenceSource]:
    """Every source worth starting here; each finds out by itself whether it can see, again and again."""
    if settings.idle_alarm and sys.platform == "linux":
        yield WaylandSource()
        yield XSyncSource()
        for display in settings.more_displays:
            yield XSyncSource(display)
    if settings.idle_alarm and (source := system_source()) is not None:
        yield source
    session, system = BusLoop(system=False), BusLoop(system=True)
    if settings.desktop and sys.platform == "linux":
        yield MutterSource(session)
        yield ScreenSaverSource(session)
    if settings.session and sys.platform == "linux":
        yield LogindSource(system)
        yield IdleHintSource(system)
    if settings.inhibitors and sys.platform == "linux":
        yield DesktopInhibitors(session)
        yield SystemInhibitors(system)
    if settings.games and sys.platform == "linux":
        yield GameModeSource(session)
        yield FullscreenSource()
    if settings.games or settings.exclusive_programs:
        yield ProgramsSource(settings.exclusive_programs, steam=settings.games)
    if settings.second_look:
        yield PynputSource("pointer")
        yield PynputSource("keyboard")
