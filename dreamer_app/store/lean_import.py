"""Imports sqlite-utils without pandas and numpy, which it would load at once wherever they happen to be installed.

No row of ours holds a value of either. Measured: two seconds of processor time and 140 MB of every start.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import cast

KEPT_OUT = ("pandas", "numpy")


def import_lean(name: str) -> None:
    """Import a module as if the packages in `KEPT_OUT` were not installed; they can be imported afterwards.

    Raises:
        ImportError: The module itself is not there.
    """
    absent = [package for package in KEPT_OUT if package not in sys.modules]
    for package in absent:
        sys.modules[package] = cast(ModuleType, None)  # what the import system takes for "not there"
    try:
        importlib.import_module(name)
    finally:
        for package in absent:
            del sys.modules[package]
