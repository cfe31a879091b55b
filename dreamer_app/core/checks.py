"""The answer to one question of `dreamer doctor`."""

from __future__ import annotations

from typing import Literal

from dreamer_app.core.types import Frozen


class Check(Frozen):
    """One prerequisite.

    Attributes:
        name: A few words.
        state: `ok`, `warning` (works, but worse) or `missing` (does not work).
        detail: What was found.
        fix: One line that mends it, empty when all is well.
    """

    name: str
    state: Literal["ok", "warning", "missing"]
    detail: str
    fix: str = ""
