"""The order of Debian package versions (Debian Policy 5.6.12), so that a security update wins over what it mends."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(\D*)(\d*)")

Key = tuple[int, tuple[tuple[tuple[int, ...], int], ...], tuple[tuple[tuple[int, ...], int], ...]]


def sort_key(version: str) -> Key:
    """A key by which versions sort as `dpkg --compare-versions` sorts them."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch) if epoch.isdigit() else 0, _alternating(upstream), _alternating(revision)


def _alternating(text: str) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Runs of other characters and of digits in turn; a run that is missing counts as empty and as zero."""
    runs = ((_weights(other), int(digits or 0)) for other, digits in _PARTS.findall(text) if other or digits)
    return (*runs, (_weights(""), 0))


def _weights(text: str) -> tuple[int, ...]:
    """A tilde comes before the end, the end before letters, letters before the rest."""
    order = [-1 if char == "~" else ord(char) + (0 if char.isalpha() else 256) for char in text]
    return (*order, 0)
