"""What a person can ask of the shell, from whichever place: tray, window, launcher, shortcut.

A closed list, so that a test can press every one of them. What is done about it stands in `shell.py`.
"""

from __future__ import annotations

from enum import StrEnum


class Ask(StrEnum):
    """One wish."""

    TOGGLE = "toggle"
    FINISH = "finish"
    KEEP_DREAMING = "keep_dreaming"
    PAUSE_HALF_HOUR = "pause_half_hour"
    PAUSE_HOUR = "pause_hour"
    PAUSE_TONIGHT = "pause_tonight"
    PAUSE = "pause"
    JOURNAL = "journal"
    SHOW_OR_HIDE = "show_or_hide"
    LAST_NIGHT = "last_night"
    EXPORT = "export"
    SETTINGS = "settings"
    WIZARD = "wizard"
    HEALTH = "health"
    LOG = "log"
    DISK = "disk"
    KEYS = "keys"
    ABOUT = "about"
    NO_TRAY = "no_tray"
    QUIT = "quit"
