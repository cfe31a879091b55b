"""How The Dreamer notices that somebody is there."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class PresenceSettings(Section):
    """Who is there: input, the session, video and calls, games."""

    idle_alarm: bool = setting(
        True,
        title="Idle alarm of the desktop",
        description="Be told by the X server or the Wayland compositor that there is input, without its content.",
    )
    second_look: bool = setting(
        True,
        title="Second look at mouse and keyboard",
        description="Also listen with pynput; which key or button it was is dropped at once.",
    )
    more_displays: tuple[str, ...] = setting(
        (),
        title="More X displays",
        description="Displays beside this session's own whose input counts, for example `:1`.",
    )
    desktop: bool = setting(
        True,
        title="Idle monitor and screen saver",
        description="Listen to the desktop's own idle monitor and screen saver over D-Bus.",
    )
    session: bool = setting(
        True,
        title="Session and sleep",
        description="Listen to the system for locking, switching of users and sleep.",
    )
    inhibitors: bool = setting(
        True,
        title="Video and calls count as a person",
        description="A program that keeps the screen on counts as somebody who is there.",
    )
    games: bool = setting(
        True,
        title="Notice games",
        description="GameMode, Steam and full-screen programs that draw with the graphics card count as games.",
    )
    exclusive_programs: tuple[str, ...] = setting(
        (),
        title="Exclusive programs",
        description="Names of programs that get the whole computer while they run.",
    )
