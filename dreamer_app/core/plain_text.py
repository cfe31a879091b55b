"""Text that nobody trusts, made harmless to look at: terminal escapes and bidirectional controls become visible.

Code that shows one order and runs in another is the oldest trick against reviewers (CVE-2021-42574). Shown text differs
from stored text only where something would hide itself; what is stored is never changed.
"""

from __future__ import annotations

import re
import unicodedata

_HIDING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """The text with every control, bidirectional and invisible character written out: `⟨Right-To-Left Override⟩`.

    Lines and tabs stay; a carriage return before a line's end is nothing but another way to end it and is left out.
    """
    return _HIDING.sub(_written_out, text.replace("\r\n", "\n"))


def hides_something(text: str) -> bool:
    """Whether `visible` would change it."""
    return _HIDING.search(text.replace("\r\n", "\n")) is not None


def one_line(text: str) -> str:
    """The same for titles: line breaks become spaces."""
    return " ".join(visible(text).split())


def _written_out(found: re.Match[str]) -> str:
    character = found[0]
    name = "ESC" if character == "\x1b" else unicodedata.name(character, "").title()
    return f"⟨{name or f'U+{ord(character):04X}'}⟩"
