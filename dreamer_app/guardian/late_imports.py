"""Heavy libraries, imported when a gate first needs them, one at a time.

Some of them walk over the table of loaded modules while they are imported, which fails when another thread imports at
the same moment, be it something else. A gate that fails rejects, so two proofs at once could cost a good dream.
"""

from __future__ import annotations

import importlib
import threading
import warnings
from types import ModuleType

from dreamer_app.core.interpreter import TRIES

_lock = threading.Lock()
_loaded: dict[str, ModuleType] = {}


def late_import(name: str) -> ModuleType:
    """The module; later calls are free.

    Raises:
        ImportError: It is not installed.
    """
    if name not in _loaded:
        with _lock, warnings.catch_warnings():
            # One of bandit's own dependencies calls another's deprecated parameter.
            warnings.simplefilter("ignore", DeprecationWarning)
            _loaded[name] = _import(name)
    return _loaded[name]


def _import(name: str) -> ModuleType:
    """Import it, again when the table of modules grew under its feet: a failed import leaves nothing behind."""
    for _ in range(TRIES - 1):
        try:
            return importlib.import_module(name)
        except RuntimeError:  # "dictionary changed size during iteration"
            continue
    return importlib.import_module(name)
