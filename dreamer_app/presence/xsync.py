"""Input on X11 without its content: the server's own idle counter rings when somebody is back, and when it got quiet.

No polling: two alarms on IDLETIME, and one each on the master pointer and keyboard, which tell hand from hand without
telling keys. 0.0 % of a core under a mouse of 1000 Hz (notes on idle detection, 6.1). Must not look at any event.
"""

from __future__ import annotations

import time
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind
from dreamer_app.presence.threaded import ThreadedSource
from dreamer_app.presence.x11_display import XWAYLAND_ONLY, first_line, is_wayland, open_display, sight_here

if TYPE_CHECKING:
    from Xlib.display import Display

BACK_AFTER = 50
"""Milliseconds of silence after which the next event rings; shorter pauses belong to one gesture."""
QUIET_AFTER = 1000
"""Milliseconds of silence that count as the end of the input."""
ANY, POINTER, KEYBOARD = 0, 2, 3
"""Device ids; every server since X 1.7 gives 2 and 3 to the ones that all mice and all keyboards speak through."""
COUNTERS = {ANY: "IDLETIME", POINTER: "DEVICEIDLETIME 2", KEYBOARD: "DEVICEIDLETIME 3"}
SANE_LATENCY = 10_000
"""Milliseconds; a difference of clocks beyond this means that the server runs on another computer."""


class XSyncSource(ThreadedSource):
    """The idle alarm of one X display.

    Args:
        display: Its name; None for the one of this session.
    """

    def __init__(self, display: str | None = None) -> None:
        super().__init__("xsync" if display is None else f"xsync {display}", sight_here(), sees_end=True)
        self._display_name = display

    def look(self) -> None:
        """Wait for alarms until it is time to stop.

        Raises:
            CannotSee: There is no display, it has no idle counter, or it went away.
        """
        self.reporter.waits(tr("waiting for the X server to answer"))
        display = open_display(self._display_name)
        try:
            _Watching(self, display).run()
        except (OSError, self._connection_lost()) as error:
            raise CannotSee(tr("the X display went away: {why}", why=first_line(error))) from error
        finally:
            display.display.socket.close()

    @staticmethod
    def _connection_lost() -> type[Exception]:
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        return ConnectionClosedError


class _Watching:
    """One connection, from the first alarm to the end."""

    def __init__(self, source: XSyncSource, display: Display) -> None:
        from dreamer_app.presence import x11_sync  # noqa: PLC0415  (brings python-xlib)

        self.source, self.display = source, display
        self.root: Any = display.screen().root
        try:
            sync = x11_sync.SyncExtension(display)
            counters = sync.counters()
            idle = counters["IDLETIME"]
        except LookupError as error:
            raise CannotSee(tr("the X server has no idle counter"), tr("Use a current X server.")) from error
        self.alarm_notify = sync.alarm_notify
        self.alarms: dict[int, tuple[int, bool]] = {}
        for device, name in COUNTERS.items():
            if (counter := counters.get(name)) is not None:
                # The server only notices a fall from a value that it has noticed: without the second alarm the first
                # one rings once.
                self.alarms[sync.alarm(counter, BACK_AFTER, x11_sync.NEGATIVE)] = (device, True)
                self.alarms[sync.alarm(counter, QUIET_AFTER, x11_sync.POSITIVE)] = (device, False)
        self.position = self.pointer()
        self.idle_at_start = sync.value(idle)

    def run(self) -> None:
        """Tell what the alarms say."""
        name = self.display.get_display_name()
        if is_wayland():
            self.source.reporter.works(
                tr("sees only input to X programs, on display {name}", name=name), fix=tr(XWAYLAND_ONLY)
            )
        else:
            self.source.reporter.works(tr("the idle alarm of X display {name}", name=name))
        if self.idle_at_start < QUIET_AFTER:
            self.source.reporter.tell_input(PresenceKind.INPUT)  # a QUIET will follow, and must not come alone
        else:
            self.quiet(self.idle_at_start)
        while True:
            rung = []
            for _ in range(self.display.pending_events()):
                event: Any = self.display.next_event()
                if event.type == self.alarm_notify:
                    rung.append(event)
            if rung:
                self.tell(rung)
            elif not self.source.wait_for(self.display.fileno()) and self.source.stopping:
                return

    def tell(self, rung: list[Any]) -> None:
        """Alarms of one direction in a row are one moment; the wake itself waits for no answer of the server."""
        known = [(*self.alarms[event.alarm], event) for event in rung if event.alarm in self.alarms]
        for is_back, moment in groupby(known, key=itemgetter(1)):
            by_device = {device: event for device, _, event in moment}
            if is_back:
                self.tell_back(by_device)
            elif ANY in by_device:
                if way := self.way():
                    self.source.reporter.tell_input(PresenceKind.MOTION, pixels=way)
                self.quiet(by_device[ANY].counter_low)

    def tell_back(self, by_device: dict[int, Any]) -> None:
        """Somebody did something."""
        reporter = self.source.reporter
        latency = lateness(next(iter(by_device.values())).timestamp)
        reporter.tell_input(PresenceKind.PRESS if KEYBOARD in by_device else PresenceKind.INPUT, latency_ms=latency)
        if POINTER in by_device and KEYBOARD not in by_device:
            way = self.way()
            reporter.tell_input(PresenceKind.MOTION if way else PresenceKind.PRESS, pixels=way or None)

    def quiet(self, idle: int) -> None:
        """There was no input for so many milliseconds."""
        self.source.reporter.tell(PresenceKind.QUIET, at=time.monotonic() - idle / 1000)

    def way(self) -> int:
        """Pixels from where the pointer was last."""
        before, self.position = self.position, self.pointer()
        return max(abs(before[0] - self.position[0]), abs(before[1] - self.position[1]))

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is; only ever used for the length of its way."""
        answer: Any = self.root.query_pointer()
        return int(answer.root_x), int(answer.root_y)


def lateness(server_time: int) -> float | None:
    """Milliseconds since a server timestamp; None where the server's clock is not ours.

    X servers stamp with the monotonic clock in whole milliseconds, modulo 2^32, so the result is up to 1 ms too long.
    """
    late = (time.monotonic() * 1000 - server_time) % 2**32
    if late > 2**31:
        late -= 2**32
    return max(late, 0.0) if abs(late) < SANE_LATENCY else None
