"""A terminal in which what others wrote has no say: titles, code and paths are shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from dreamer_app.core.plain_text import visible


class SafeConsole(Console):
    """Rich's console, which by itself hands escape sequences inside of a text on to the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """See `Console.render`; control characters and bidirectional ones are written out."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text))
