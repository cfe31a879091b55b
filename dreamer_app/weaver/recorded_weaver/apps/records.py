"""Records and the frame of the views that show them. No view is made here."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.weaver.recorded_weaver.apps.draft import Draft, Look

BOARD = 'app.query_one("#board")'


@dataclass(frozen=True)
class Column:
    """One field of a record.

    Attributes:
        name: Variable that holds it, e.g. `item`.
        title: Column title, e.g. `Item`.
        kind: `text`, `number`, `group` or `flag`.
    """

    name: str
    title: str
    kind: str

    @property
    def text(self) -> str:
        """Expression for the field as text."""
        if self.kind == "number":
            return f"str({self.name})"
        return f'"yes" if {self.name} else "no"' if self.kind == "flag" else self.name

    @property
    def piece(self) -> str:
        """Expression inside of an f-string."""
        return f"{{{self.name}}}"


@dataclass
class Records:
    """What a view shows.

    Attributes:
        plural: Attribute of the app that holds the records.
        columns: Fields of a record; a record of one field is a plain string.
        source: Expression of the records to show, usually `self.<plural>`.
        groups: All groups, when there is a group column.
    """

    plural: str
    columns: tuple[Column, ...]
    source: str
    groups: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """Loop variable or variables."""
        return ", ".join(column.name for column in self.columns)

    @property
    def first(self) -> Column:
        """The field that names the record."""
        return self.columns[0]

    def column(self, kind: str) -> Column | None:
        """The field of a kind."""
        return next((column for column in self.columns if column.kind == kind), None)

    @property
    def line(self) -> str:
        """One record as a line of text, for an f-string."""
        return line_format(self.columns)

    @property
    def line_words(self) -> str:
        """The same for people, with placeholders."""
        return line_format(self.columns, spoken=True)


def line_format(columns: tuple[Column, ...], *, spoken: bool = False) -> str:
    """One record as a line: `name: amount (group) [flag]`."""
    parts = []
    for column in columns:
        piece = f"<{column.title.lower()}>" if spoken else column.piece
        if column.kind == "text":
            parts.append(piece)
        elif column.kind == "number":
            parts.append(f": {piece}")
        elif column.kind == "group":
            parts.append(f" ({piece})")
        elif spoken:
            parts.append(f" [{column.title.lower()}]")
        else:
            parts.append(f"{{' [{column.title.lower()}]' if {column.name} else ''}}")
    return "".join(parts)


@dataclass(frozen=True)
class Filling:
    """How a view is kept up to date and what it looks like.

    Attributes:
        lines: Statements that refresh it.
        look: How a test sees it.
    """

    lines: list[str]
    look: Look


@dataclass(frozen=True)
class View:
    """One way of showing records.

    Attributes:
        name: For tags.
        phrase: For titles, e.g. `a rich table`.
        add: Adds to the draft and says how it is filled.
        needs: Kinds of fields without which it makes no sense.
        flags: Whether it can show yes-or-no fields.
        rich: Whether it is drawn with rich.
        pick: Message of the widget when a record is picked, and the expression of its position; empty when none.
    """

    name: str
    phrase: str
    add: Callable[[Draft, Records, random.Random], Filling]
    needs: tuple[str, ...] = ()
    flags: bool = False
    rich: bool = False
    pick: tuple[str, str] = ("", "")


def packed(records: Records) -> str:
    """The loop variables, in parentheses where there are several."""
    return records.target if len(records.columns) == 1 else f"({records.target})"
