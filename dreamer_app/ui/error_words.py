"""What went wrong, in the person's language. Errors are written in English; what has values in it stays as it is."""

from __future__ import annotations

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr


def title_of(error: DreamerError) -> str:
    """A few words."""
    return tr(error.title)


def advice_of(error: DreamerError, between: str = " ") -> str:
    """What happened, and what to do about it."""
    return between.join(tr(part) for part in (error.message, error.hint) if part)


def line_of(error: DreamerError) -> str:
    """All of it in one line."""
    return f"{title_of(error)}: {advice_of(error)}"
