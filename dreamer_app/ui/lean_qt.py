"""Keeps PySide6 from reading the source of every module that is imported after it.

It looks there for `from __feature__ import …`, which nobody here writes: 360 files at the start of the tray, and as
many texts that stay in memory (11 MB, measured with 6.11). Without the hook everything else of PySide6 works as before.
"""

from __future__ import annotations

import sys

import PySide6.QtCore  # noqa: F401  the hook comes with it


def look_at_no_sources() -> None:
    """Take every module for one without such a line. Does nothing where PySide6 looks in another way."""
    hook = vars(sys.modules.get("shibokensupport.feature", sys))
    if "_mod_uses_pyside" in hook:
        hook["_mod_uses_pyside"] = lambda _module: False
