"""Opening an X display without being held up by it, and saying in plain words why it cannot be opened.

Must not know what is looked at on the display.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dreamer_app.core.i18n import mark, tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import Sight

if TYPE_CHECKING:
    from Xlib.display import Display

XWAYLAND_ONLY = mark(
    "Choose a desktop that offers ext-idle-notify-v1 or Mutter's idle monitor, or log in with X11 (Xorg)."
)


def no_display() -> CannotSee:
    """Why nothing can be seen without a display."""
    return CannotSee(
        tr("there is no X display in this session"),
        tr("Start The Dreamer inside the graphical session, not as a service."),
    )


def is_wayland() -> bool:
    """Whether the desktop is Wayland, where X sees only what goes to X programs."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"


def sight_here() -> Sight:
    """What an X source sees of the input on this desktop."""
    return Sight.PART if is_wayland() else Sight.ALL


def open_display(name: str | None = None) -> Display:
    """Connect; blocks where the server hangs, so call it from a thread of its own.

    Args:
        name: As in `DISPLAY`, which counts when this is None.

    Raises:
        CannotSee: There is none, or it lets nobody in.
    """
    name = name or os.environ.get("DISPLAY")
    if not name:
        raise no_display()
    from Xlib.display import Display  # noqa: PLC0415  (0.2 s, and of no use without a display)
    from Xlib.error import DisplayError  # noqa: PLC0415

    try:
        return Display(name)
    except (DisplayError, OSError) as error:
        raise CannotSee(
            tr("the X display {name} cannot be opened: {why}", name=name, why=first_line(error)), _mend(name)
        ) from error


def first_line(error: BaseException) -> str:
    """What an error says, without its further lines."""
    return (str(error) or type(error).__name__).splitlines()[0]


def _mend(name: str) -> str:
    number = name.removeprefix("unix").removeprefix(":").partition(".")[0]
    if name.startswith(":") and not Path(f"/tmp/.X11-unix/X{number}").exists():  # noqa: S108  (where X puts it)
        return tr("Start The Dreamer again once the graphical session runs.")
    return tr("Check XAUTHORITY: this program must run as the user who is logged in.")
