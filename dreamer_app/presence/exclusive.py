"""Which running programs get the whole computer: those of the list, and what Steam launches. Pure; it runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from dreamer_app.core.i18n import tr

STEAM_LAUNCH = "SteamLaunch"
_APP_ID = re.compile(r"^AppId=(\d+)$")
_INTERPRETERS = re.compile(r"^(python|perl|ruby|node|java|mono|wine(64)?(-preloader)?|bash|sh|dash)[\d.]*$")


@dataclass(frozen=True, slots=True)
class Program:
    """What can be seen of a running program.

    Attributes:
        pid: Its id.
        name: As the system lists it.
        path: Of the file it runs; empty where that may not be seen.
        arguments: Its command line.
    """

    pid: int
    name: str
    path: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Every name that a person may have written into the list, in small letters and without `.exe`.

        A script goes by its own name, not by that of its interpreter alone.
        """
        found = {plain(self.name), plain(self.path)}
        if self.arguments:
            found.add(plain(self.arguments[0]))
            if _INTERPRETERS.match(plain(self.arguments[0])):
                found |= {plain(argument) for argument in self.arguments[1:2] if not argument.startswith("-")}
        return found - {""}


def plain(name: str) -> str:
    """The last part of a path in small letters, without `.exe`."""
    last = PureWindowsPath(name).name if "\\" in name else PurePosixPath(name).name
    return last.lower().removesuffix(".exe")


def exclusive_name(program: Program, listed: Iterable[str], *, steam: bool) -> str | None:
    """How to call the program if it gets the whole computer, else None.

    Args:
        program: The program.
        listed: Names from the settings.
        steam: Whether what Steam launches counts.
    """
    if steam and STEAM_LAUNCH in program.arguments:
        for argument in program.arguments:
            if found := _APP_ID.match(argument):
                return tr("Steam game {number}", number=found[1])
    names = program.names
    return next((name for name in listed if plain(name) in names), None)
