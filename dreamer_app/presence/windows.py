"""The window in front on X11 and the program behind it (EWMH). It reads neither titles nor contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence.proc import program_name
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.x11_display import open_display

if TYPE_CHECKING:
    from Xlib.display import Display


def ignore_error(*_: object) -> None:
    """Windows of others may go at any moment."""


def property_of(display: Display, window: Any, name: str) -> list[int]:
    """The values of a property of 32-bit numbers; empty where there is none or the window is gone."""
    from Xlib import X  # noqa: PLC0415
    from Xlib.error import XError  # noqa: PLC0415

    try:
        found: Any = window.get_full_property(display.intern_atom(name), X.AnyPropertyType)
    except XError:
        return []
    return [] if found is None or found.format != 32 else [int(value) for value in found.value]


def active_window(display: Display) -> Any:
    """The window in front, None where there is none."""
    found = property_of(display, display.screen().root, "_NET_ACTIVE_WINDOW")
    return display.create_resource_object("window", found[0]) if found and found[0] else None


def is_fullscreen(display: Display, window: Any) -> bool:
    """Whether it fills the screen by its own wish."""
    return display.intern_atom("_NET_WM_STATE_FULLSCREEN") in property_of(display, window, "_NET_WM_STATE")


def program_of(display: Display, window: Any) -> int | None:
    """Id of the program that the window says it belongs to."""
    found = property_of(display, window, "_NET_WM_PID")
    return found[0] if found else None


def current_program() -> str | None:
    """The program whose window is in front, for *add the current window*.

    Raises:
        CannotSee: There is no X display, or it lets nobody in.
    """
    display = open_display()
    try:
        window = active_window(display)
        pid = None if window is None else program_of(display, window)
        return None if pid is None else program_name(pid)
    except OSError as error:
        raise CannotSee(tr("the X display went away: {why}", why=error)) from error
    finally:
        display.close()
