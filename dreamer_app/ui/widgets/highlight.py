"""Syntax colours: the whole text is lexed once, and every line keeps what was found in it.

Lexing line by line would break strings over several lines and costs more (measured). Colours come from the tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pygments import lex
from pygments.lexers import PythonLexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
)
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from dreamer_app.ui.tokens import Tokens

PLAIN_FROM = 5000
"""Lines from which code is shown without colours: nobody reads so much, and lexing would be felt."""

_PLACES: tuple[tuple[_TokenType, int], ...] = (
    (Comment, 4),
    (String, 2),
    (Number, 3),
    (Keyword, 0),
    (Operator.Word, 0),
    (Name.Decorator, 8),
    (Name.Function, 5),
    (Name.Class, 6),
    (Name.Builtin, 5),
    (Name.Exception, 6),
    (Name, 1),
    (Operator, 7),
    (Punctuation, 7),
    (Error, 9),
)
"""Kinds of Pygments tokens and their place in `Tokens.code`."""

Piece = tuple[int, int, int]
"""First character, length, place in `Tokens.code`."""


@lru_cache(maxsize=64)
def lexed(text: str) -> tuple[tuple[Piece, ...], ...]:
    """Coloured pieces of every line of a Python text."""
    count = text.count("\n") + 1
    lines: list[list[Piece]] = [[] for _ in range(count)]
    if count > PLAIN_FROM:
        return tuple(() for _ in lines)
    number = column = 0
    for kind, value in lex(text, PythonLexer(stripnl=False, ensurenl=False)):
        place = _place(kind)
        for n, part in enumerate(value.split("\n")):
            if n:
                number, column = number + 1, 0
            if part and place is not None and number < count:
                lines[number].append((column, len(part), place))
            column += len(part)
    return tuple(tuple(pieces) for pieces in lines)


@lru_cache(maxsize=256)
def _place(kind: _TokenType) -> int | None:
    return next((place for parent, place in _PLACES if kind in parent), None)


class LineHighlighter(QSyntaxHighlighter):
    """Paints what was lexed before, line by line."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._lines: Sequence[Sequence[Piece]] = ()
        self._formats: list[QTextCharFormat] = []

    def colour(self, tokens: Tokens) -> None:
        """Use the colours of a theme."""
        self._formats = []
        for place, colour in enumerate(tokens.code):
            one = QTextCharFormat()
            one.setForeground(QColor(colour))
            if place == 0:
                one.setFontWeight(QFont.Weight.Bold)
            one.setFontItalic(place == 4)
            self._formats.append(one)
        self.rehighlight()

    def set_lines(self, lines: Sequence[Sequence[Piece]]) -> None:
        """What each block of the document holds; the document's text is set afterwards."""
        self._lines = lines

    def highlightBlock(self, _text: str) -> None:
        """Called by Qt for every block."""
        number = self.currentBlock().blockNumber()
        if number < len(self._lines) and self._formats:
            for start, length, place in self._lines[number]:
                self.setFormat(start, length, self._formats[place])
