"""Somebody else's words inside of a prompt: between two lines that they cannot contain.

This is half of the defence against instructions in documentation. The other half is that nothing a model answers is
believed before it was executed.
"""

from __future__ import annotations

import hashlib
import re

_MARKERS = re.compile(r"<\|[^|<>]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>", re.IGNORECASE)
"""What chat templates use to tell messages apart; some servers hear them in the middle of a message."""


def fenced(text: str, label: str, mark: str) -> str:
    """Text that somebody else wrote, between two lines that it cannot contain, with chat markers made harmless.

    Args:
        text: The data.
        label: What it is, in a word or two.
        mark: Something that the text cannot know, the same for a whole prompt.
    """
    inner = _MARKERS.sub(lambda match: match.group(0).replace("<", "‹").replace("[", "⟦"), text).replace(mark, "")
    return f"<<<{label} {mark}>>>\n{inner.strip()}\n<<<end {mark}>>>"


def mark_of(seed: int, *parts: str) -> str:
    """A mark for `fenced`: repeatable for us, unknown to whoever wrote the text."""
    return hashlib.sha256(repr((seed, parts)).encode()).hexdigest()[:12]
