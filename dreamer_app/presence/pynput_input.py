"""Input through pynput: a second look beside the idle alarms, and the only one that tells a nudge at once.

Which key, which button and where is dropped in the first line of each callback; only the fact, the time and the length
of the pointer's way go on. On X11 its delivery can be arbitrarily late on a quiet server (the RECORD extension is
flushed only with other output), so it never stands alone there. The only module that imports pynput.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind, Sight
from dreamer_app.presence.threaded import ThreadedSource
from dreamer_app.presence.x11_display import XWAYLAND_ONLY, first_line, is_wayland, no_display, open_display


class PynputSource(ThreadedSource):
    """One listener of pynput, run in this source's own thread so that its end is noticed.

    Args:
        device: `pointer` or `keyboard`.
    """

    def __init__(self, device: str) -> None:
        super().__init__(f"pynput {device}", Sight.PART)
        self._device = device
        self._listener: Any = None
        self._position: tuple[int, int] | None = None

    def look(self) -> None:
        """Run the listener until it ends.

        Raises:
            CannotSee: pynput has no way to the input here, or lost it.
        """
        if sys.platform == "linux":
            self._position = self._first_position()
        try:
            self._listener = self._make()
        except ImportError as error:
            raise no_display() from error
        self._says_works()
        try:
            self._listener.run()
        except Exception as error:  # python-xlib and the other back-ends raise what they like when the display goes
            raise CannotSee(tr("the connection ended: {why}", why=first_line(error))) from error
        finally:
            _close(self._listener)
            self._listener = None
        if not self.stopping:
            raise CannotSee(tr("the connection ended"))

    def interrupt(self) -> None:
        """End the listener; on X11 its thread has to be woken through its other connection."""
        listener = self._listener
        if listener is None:
            return
        with contextlib.suppress(Exception):
            if (second := getattr(listener, "_display_stop", None)) is not None:
                second.record_disable_context(listener._context)
                second.flush()
            listener.stop()

    @staticmethod
    def _first_position() -> tuple[int, int]:
        display = open_display()  # pynput would say less about why it cannot
        try:
            answer: Any = display.screen().root.query_pointer()
            return int(answer.root_x), int(answer.root_y)
        finally:
            display.close()

    def _make(self) -> Any:
        if self._device == "pointer":
            from pynput import mouse  # noqa: PLC0415  (raises ImportError without a display)

            return mouse.Listener(on_move=self._moved, on_click=self._pressed, on_scroll=self._pressed)
        from pynput import keyboard  # noqa: PLC0415

        return keyboard.Listener(on_press=self._pressed, on_release=self._pressed)

    def _moved(self, x: float, y: float, *_: object) -> None:
        before, self._position = self._position, (int(x), int(y))
        way = max(abs(before[0] - self._position[0]), abs(before[1] - self._position[1])) if before else None
        self.reporter.tell_input(PresenceKind.MOTION, pixels=way)

    def _pressed(self, *_: object) -> None:
        self.reporter.tell_input(PresenceKind.PRESS)

    def _says_works(self) -> None:
        device = tr("pointer") if self._device == "pointer" else tr("keyboard")
        if is_wayland():
            self.reporter.works(tr("sees the {device} only inside X programs", device=device), fix=tr(XWAYLAND_ONLY))
        else:
            self.reporter.works(tr("a second look at the {device}", device=device))


def _close(listener: Any) -> None:
    """Close what the listener leaves open when its display goes away; only its X11 side has such connections."""
    for name in ("_display_stop", "_display_record"):
        if (display := getattr(listener, name, None)) is not None:
            display.display.socket.close()
