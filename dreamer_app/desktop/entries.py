"""The program's entries in the desktop (XDG): applications menu with icons, and start at login. Nothing is cached.

The entry in `resources/desktop` is the only text; what is installed differs in its command line.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import resource

APP_ID = "io.github.dreamer.Dreamer"
"""The basename of the desktop entry and the window's application id; Wayland finds the icon by it."""
BACKGROUND = "--background"
EXEC = "Exec=dreamer"


def command() -> list[str]:
    """How this very installation is started."""
    beside = Path(sys.executable).with_name("dreamer")
    found = str(beside) if beside.exists() else shutil.which("dreamer")
    return [found] if found else [sys.executable, "-m", "dreamer_app"]


class DesktopEntries:
    """Installs and removes entries of one user.

    Args:
        environ: Where XDG folders are named.
        starts: The command line; None means this installation's.
    """

    def __init__(self, environ: Mapping[str, str] | None = None, starts: Sequence[str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        home = Path(environ.get("HOME") or Path.home())
        self._data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
        self._config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
        self._starts = list(command() if starts is None else starts)

    @property
    def autostart(self) -> Path:
        """The file that starts it at login."""
        return self._config / "autostart" / f"{APP_ID}.desktop"

    @property
    def launcher(self) -> Path:
        """The file that shows it in the applications menu."""
        return self._data / "applications" / f"{APP_ID}.desktop"

    @property
    def starts_at_login(self) -> bool:
        """As the disk says, for people and other programs change it too."""
        try:
            lines = self.autostart.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        off = {"Hidden=true", "X-GNOME-Autostart-enabled=false"}
        return not off & {line.strip() for line in lines}

    def start_at_login(self, *, on: bool) -> None:
        """Start it at login, quietly, or do not.

        Raises:
            InfrastructureError: The file cannot be written.
        """
        if on:
            self._write(self.autostart, self._entry(BACKGROUND))
        else:
            _try(lambda: self.autostart.unlink(missing_ok=True), self.autostart)

    def install_launcher(self) -> None:
        """Show it in the applications menu, with its icon and those of the tray, which panels look up by name.

        Raises:
            InfrastructureError: A file cannot be written.
        """
        self._write(self.launcher, self._entry())
        icons = self._data / "icons" / "hicolor" / "scalable"
        self._write(icons / "apps" / f"{APP_ID}.svg", resource("icon.svg").read_text(encoding="utf-8"))
        for drawing in sorted(resource("icons/tray").glob("*.svg")):
            self._write(icons / "status" / drawing.name, drawing.read_text(encoding="utf-8"))

    def _entry(self, *options: str) -> str:
        """The entry with this installation's command line in place of the bare name."""
        lines = resource(f"desktop/{APP_ID}.desktop").read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines):
            if line.startswith(EXEC):
                words = line.removeprefix(EXEC).split() or ["tray", *options]
                lines[place] = f"Exec={shlex.join([*self._starts, *words])}"
        return "\n".join(lines) + "\n"

    def _write(self, file: Path, text: str) -> None:
        def write() -> None:
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f"{file.name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(file)

        _try(write, file)


def _try(action: Callable[[], object], file: Path) -> None:
    try:
        action()
    except OSError as error:
        raise InfrastructureError(
            "The desktop entry cannot be changed", f"{file}: {error.strerror}", "Check the rights of that folder."
        ) from error
