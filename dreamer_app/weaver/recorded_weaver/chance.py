"""Repeatable choices: the same parts give the same generator in every run and version."""

from __future__ import annotations

import random


def seeded(*parts: object) -> random.Random:
    """A generator whose numbers depend on the parts alone; nothing here is secret."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311  (repeatability is the point, not secrecy)
