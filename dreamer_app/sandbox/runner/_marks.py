"""Stands in for pytest in a fresh interpreter, where the real one would cost more than most runs.

Blind tests need only its marks. Asked for anything else, it brings the real pytest.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any


class _Mark:
    def __call__(self, *arguments: Any, **_keywords: Any) -> Any:
        if len(arguments) == 1 and callable(arguments[0]):
            return arguments[0]
        return _unchanged

    def __getattr__(self, _name: str) -> _Mark:
        return self


def _unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


mark = _Mark()


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if getattr(sys.modules.get("pytest"), "__name__", None) == __name__:
        del sys.modules["pytest"]
    return getattr(importlib.import_module("pytest"), name)
