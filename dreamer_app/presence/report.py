"""What the sources can do here, in plain words: for the doctor and for the page that says whether input wakes.

Must not look at anything itself but through a watch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from dreamer_app.core.checks import Check
from dreamer_app.core.i18n import mark, tr
from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.presence.source import PresenceEvent, Sight, SourceState, SourceStatus
from dreamer_app.presence.watch import PresenceWatch

DECIDED_WITHIN = 3.0
"""Seconds after which a source that has not found out whether it sees is taken as it is; a bus has 2 s to answer."""
STEP = 0.05

SLEEP, VIDEO, GAMES = ("logind",), ("inhibitors", "wayland"), ("gamemode", "full screen", "programs")
"""Sources by what they are for; any of them is enough."""


def look_at_presence(settings: PresenceSettings, pause: Callable[[float], None] = time.sleep) -> tuple[Check, ...]:
    """Start every source, ask how it is, and stop it again; takes 3 s at most.

    Args:
        settings: Which sources.
        pause: Waits for so many seconds.
    """
    watch = PresenceWatch(_ignore, settings)
    watch.start()
    try:
        for _ in range(round(DECIDED_WITHIN / STEP)):
            if not any(one.undecided for one in watch.sources()):
                break
            pause(STEP)
        found = watch.sources()
    finally:
        watch.stop()
    return checks(found)


def checks(sources: Sequence[SourceStatus]) -> tuple[Check, ...]:
    """The doctor's lines about presence."""
    return (
        wake_check(sources),
        _any_of(mark("Sleep and locking"), sources, SLEEP),
        _any_of(mark("Video and calls"), sources, VIDEO),
        _any_of(mark("Games"), sources, GAMES),
    )


def wake_check(sources: Sequence[SourceStatus]) -> Check:
    """Whether mouse and keyboard wake, by what, how fast, and what mends it where that is limited."""
    name = mark("Wake on input")
    active = [one for one in sources if one.state is SourceState.ACTIVE and one.sight is not Sight.NONE]
    if any(one.sight is Sight.ALL for one in active):
        return Check(name=name, state="ok", detail="; ".join(words(one) for one in active))
    blind = [one for one in sources if one.state is not SourceState.ACTIVE and one.sight is not Sight.NONE]
    fix = next((one.fix for one in (*active, *blind) if one.fix), tr("Use Dream now and Stop by hand."))
    if active:
        return Check(
            name=name, state="warning", detail=tr("limited: {what}", what="; ".join(map(words, active))), fix=fix
        )
    why = "; ".join(dict.fromkeys(one.detail for one in blind)) or tr("every source is switched off")
    return Check(name=name, state="warning", detail=tr("not here: {why}", why=why), fix=fix)


def words(source: SourceStatus) -> str:
    """One source in a line, with its measured latency where it has seen something: `xsync ✓ 0.6 ms`."""
    if source.state is not SourceState.ACTIVE:
        return f"{source.name} ✗ {source.detail}"
    if source.latency_ms is not None:
        return f"{source.name} ✓ {source.latency_ms:.1f} ms"
    return f"{source.name} ✓ {source.detail}"


def _any_of(name: str, sources: Sequence[SourceStatus], wanted: Sequence[str]) -> Check:
    mine = [one for one in sources if one.name in wanted]
    active = [one for one in mine if one.state is SourceState.ACTIVE]
    if active:
        return Check(name=name, state="ok", detail="; ".join(one.detail for one in active))
    if not mine:
        return Check(name=name, state="ok", detail=tr("switched off in the settings"))
    fix = next((one.fix for one in mine if one.fix), tr("Nothing, where this desktop has no such service."))
    return Check(name=name, state="warning", detail="; ".join(one.detail for one in mine), fix=fix)


def _ignore(_event: PresenceEvent) -> None:
    """The doctor wants to know what works, not who is there."""
