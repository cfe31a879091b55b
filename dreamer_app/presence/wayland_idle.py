"""Input on Wayland: the compositor says when a seat falls idle and when it is used again (ext-idle-notify-v1).

KDE Plasma, sway, labwc, Hyprland and COSMIC offer it; GNOME does not, it has Mutter's idle monitor. Version 1 of the
notifier never says *idle* while a video keeps the screen on; version 2 tells input and video apart.
"""

from __future__ import annotations

import time

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind, Sight
from dreamer_app.presence.threaded import ThreadedSource
from dreamer_app.presence.wayland_wire import Compositor
from dreamer_app.presence.xsync import QUIET_AFTER

INHIBITED_AFTER = 1.0
"""Seconds by which the notification that heeds inhibitors may lag behind the one that does not."""


class WaylandSource(ThreadedSource):
    """The compositor's idle notifications."""

    def __init__(self) -> None:
        super().__init__("wayland", Sight.ALL, sees_end=True)
        self._used: set[int] = set()
        self._inhibited = False

    def look(self) -> None:
        """Follow the seats until it is time to stop.

        Raises:
            CannotSee: There is no compositor, it offers no notifier, or it went away.
        """
        self.reporter.waits(tr("waiting for the Wayland compositor to answer"))
        compositor = Compositor.connect()
        with compositor.channel:
            if not compositor.notifier_version:
                raise CannotSee(
                    tr("the compositor does not offer ext-idle-notify-v1"),
                    tr("On GNOME its own idle monitor is used; elsewhere use a current compositor."),
                )
            apart = compositor.notifier_version >= 2
            seats = set(compositor.idle_notification(QUIET_AFTER, input_only=apart))
            heeding = set(compositor.idle_notification(QUIET_AFTER, input_only=False)) if apart else set()
            if not seats:
                raise CannotSee(tr("the compositor has no seat"))
            self.reporter.works(tr("the compositor's idle notifications (ext-idle-notify-v1)"))
            self._follow(compositor, seats, heeding)

    def _follow(self, compositor: Compositor, seats: set[int], heeding: set[int]) -> None:
        self._used, self._inhibited = set(seats), False
        self.reporter.tell_input(PresenceKind.INPUT)  # until the compositor says otherwise
        held = set(heeding)
        while not self.stopping:
            doubtful = bool(held) and not self._used and not self._inhibited
            if not self.wait_for(compositor.channel.fileno(), patience=INHIBITED_AFTER if doubtful else None):
                if doubtful and not self.stopping:
                    self._say_inhibited(inhibited=True)
                continue
            for message in compositor.receive():
                idle = message.opcode == 0
                if message.target in seats:
                    self._say_used(message.target, idle=idle)
                elif message.target in heeding:
                    (held.discard if idle else held.add)(message.target)
                    if not held:
                        self._say_inhibited(inhibited=False)

    def _say_used(self, seat: int, *, idle: bool) -> None:
        if not idle:
            self._used.add(seat)
            self.reporter.tell_input(PresenceKind.INPUT)
            return
        self._used.discard(seat)
        if not self._used:
            self.reporter.tell(PresenceKind.QUIET, at=time.monotonic() - QUIET_AFTER / 1000)

    def _say_inhibited(self, *, inhibited: bool) -> None:
        if inhibited == self._inhibited:
            return
        self._inhibited = inhibited
        kind = PresenceKind.INHIBITED if inhibited else PresenceKind.UNINHIBITED
        self.reporter.tell(kind, detail=tr("a program keeps the screen on") if inhibited else "")
