"""Games by their looks: a full-screen window in front whose program draws with the graphics card (X11).

Told by the window manager, never polled. A full-screen program that has no graphics card open is a reader or an editor,
not a game; where that cannot be told it counts as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence import proc, windows
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind, Sight
from dreamer_app.presence.threaded import ThreadedSource
from dreamer_app.presence.x11_display import first_line, open_display

if TYPE_CHECKING:
    from Xlib.display import Display

LOOK_AGAIN = 2.0
"""Seconds after which a full-screen program without a graphics card is looked at once more; games open theirs late."""


class FullscreenSource(ThreadedSource):
    """The window in front.

    Args:
        uses_gpu: Whether a program draws with the graphics card; None where that cannot be told.
    """

    def __init__(self, uses_gpu: Callable[[int], bool | None] = proc.uses_gpu) -> None:
        super().__init__("full screen", Sight.NONE)
        self._uses_gpu = uses_gpu
        self._game: int | None = None

    def look(self) -> None:
        """Follow the window in front until it is time to stop.

        Raises:
            CannotSee: There is no display, no window manager that tells, or the display went away.
        """
        display = open_display()
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        try:
            self._follow(display)
        except (OSError, ConnectionClosedError) as error:
            raise CannotSee(tr("the X display went away: {why}", why=first_line(error))) from error
        finally:
            display.display.socket.close()

    def _follow(self, display: Display) -> None:
        from Xlib import X  # noqa: PLC0415

        root: Any = display.screen().root
        root.change_attributes(event_mask=X.PropertyChangeMask)
        self.reporter.works(tr("full-screen programs that draw with the graphics card"))
        watched: Any = None
        while True:
            front = windows.active_window(display)
            if front is not None and front != watched:
                front.change_attributes(event_mask=X.PropertyChangeMask, onerror=windows.ignore_error)
            watched = front
            doubtful = self._judge(display, front)
            if not self._wait(display, LOOK_AGAIN if doubtful else None):
                return

    def _judge(self, display: Display, window: Any) -> bool:
        """Tell whether a game is in front; True when a program may yet turn out to be one."""
        if window is None or not windows.is_fullscreen(display, window):
            self._say(None)
            return False
        pid = windows.program_of(display, window)
        draws = None if pid is None else self._uses_gpu(pid)
        self._say(pid if draws is not False and pid is not None else -1 if draws is None else None)
        return draws is False

    def _say(self, game: int | None) -> None:
        if game == self._game:
            return
        self._game = game
        if game is None:
            self.reporter.tell(PresenceKind.EXCLUSIVE_ENDED)
        else:
            name = proc.program_name(game) if game > 0 else None
            self.reporter.tell(PresenceKind.EXCLUSIVE_STARTED, detail=name or tr("a full-screen program"))

    def _wait(self, display: Display, patience: float | None) -> bool:
        """Until the window manager changed something, or the time is over; False when it is time to stop."""
        if not display.pending_events():
            self.wait_for(display.fileno(), patience=patience)
        if self.stopping:
            return False
        for _ in range(display.pending_events()):
            display.next_event()
        return True
