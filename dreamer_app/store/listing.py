"""The journal as a list: identifiers in order, then the lines of one page, then the counts beside the sidebar.

A hundred thousand dreams are a list of identifiers; only the lines that are seen are ever read. It ranks and counts,
and changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from enum import StrEnum

from dreamer_app.core.journal_query import JournalQuery, Term
from dreamer_app.core.types import DreamState, Frozen, Review
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import DreamSummary
from dreamer_app.store.search import match_expression


class Order(StrEnum):
    """How the list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


_ORDERS = {
    Order.NEWEST: "d.created_at DESC, d.id DESC",
    Order.OLDEST: "d.created_at, d.id",
    Order.TITLE: "d.title COLLATE NOCASE, d.id",
}

_SCORES = {"=": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class StateCount(Frozen):
    """How many dreams have one state and one review."""

    state: DreamState
    review: Review
    dreams: int


class NamedCount(Frozen):
    """Dreams of one night or one library.

    Attributes:
        name: The night's identifier or the library's name.
        dreams: All of them, whatever became of them.
    """

    name: str
    dreams: int


class ListingTable:
    """Reads the journal as a list."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ids(self, query: JournalQuery, order: Order = Order.NEWEST, limit: int | None = None) -> list[str]:
        """Identifiers of all dreams that a query wants, or of the first ones, in order."""
        conditions, values = _compiled(query)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        lines = f"SELECT d.id FROM dream AS d {where} ORDER BY {_ORDERS[order]} LIMIT ?"  # noqa: S608
        # One text instead of 100,000 row objects, which took Python longer than the query takes SQLite.
        text_of = f"SELECT group_concat(id, ' ') FROM ({lines})"  # noqa: S608
        [(text,)] = self._connection.read(text_of, [*values, -1 if limit is None else limit])
        return (text or "").split()

    def page(self, ids: Sequence[str]) -> tuple[DreamSummary, ...]:
        """The lines of some dreams, in the order asked for; those that are gone are left out."""
        found = self._connection.read(
            "SELECT * FROM dream_summary WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))]
        )
        lines = {row["id"]: rows.summary(row) for row in found}
        return tuple(lines[identifier] for identifier in ids if identifier in lines)

    def states(self) -> tuple[StateCount, ...]:
        """Dreams by the machine's and by a person's word."""
        found = self._connection.read("SELECT state, review, count(*) AS n FROM dream GROUP BY state, review")
        return tuple(
            StateCount(state=DreamState(row["state"]), review=Review(row["review"]), dreams=row["n"]) for row in found
        )

    def nights(self) -> tuple[NamedCount, ...]:
        """Dreams by night, the latest night first."""
        return self._counted(
            "SELECT night_id AS name, count(*) AS n FROM dream GROUP BY night_id ORDER BY night_id DESC"
        )

    def libraries(self) -> tuple[NamedCount, ...]:
        """Dreams by library, by name."""
        return self._counted("SELECT name, count(*) AS n FROM dream_library GROUP BY name ORDER BY name")

    def _counted(self, sql: str) -> tuple[NamedCount, ...]:
        return tuple(NamedCount(name=row["name"], dreams=row["n"]) for row in self._connection.read(sql))


def _compiled(query: JournalQuery) -> tuple[list[str], list[str | float]]:
    """Conditions in SQL with their values."""
    conditions: list[str] = []
    values: list[str | float] = []
    wanted = match_expression(word for word in query.words if not word.negated)
    unwanted = [match_expression([word.model_copy(update={"negated": False})]) for word in query.words if word.negated]
    for expression, sign in [(wanted, "IN"), *((one, "NOT IN") for one in unwanted)]:
        if expression:
            conditions.append(f"+d.text_id {sign} (SELECT rowid FROM dream_text WHERE dream_text MATCH ?)")  # noqa: S608
            values.append(expression)
    by_kind: dict[tuple[str, bool], list[Term]] = defaultdict(list)
    for term in query.terms:
        by_kind[term.field, term.negated].append(term)
    for (field, negated), terms in by_kind.items():
        parts = [_FIELDS[field](term) for term in terms]
        # "any of them" for what a dream has one of, "all of them" for what it may have several of; and none of them
        # when it is negated
        joined = " AND " if field in {"lib", "api", "difficulty"} and not negated else " OR "
        conditions.append(f"{'NOT ' if negated else ''}({joined.join(sql for sql, _ in parts)})")
        values += [value for _, found in parts for value in found]
    return conditions, values


_Compiled = tuple[str, list[str | float]]


def _equal(column: str) -> Callable[[Term], _Compiled]:
    return lambda term: (f"d.{column} = ?", [term.value])


def _beginning(text: str) -> list[str | float]:
    return [text, text + "\U0010ffff"]


def _night(term: Term) -> _Compiled:
    if term.value == "last":
        return "d.night_id = (SELECT id FROM night ORDER BY started_at DESC, id DESC LIMIT 1)", []
    start = term.value.replace("-", "", 2) if term.value[:10].count("-") == 2 else term.value
    return "(d.night_id >= ? AND d.night_id < ?)", _beginning(start.upper())


def _origin(term: Term) -> _Compiled:
    return "(lower(d.origin) = ? OR lower(d.origin) = 'model:' || ?)", [term.value, term.value]


_FLAGGED = "d.id IN (SELECT dream_id FROM flagged)"
_FIELDS: dict[str, Callable[[Term], _Compiled]] = {
    "state": _equal("state"),
    # a person's word is asked about verified dreams only
    "review": lambda term: ("(d.state = 'verified' AND d.review = ?)", [term.value]),
    "tier": _equal("tier"),
    "flag": lambda term: (_FLAGGED if term.value == "yes" else f"NOT {_FLAGGED}", []),
    "gate": lambda term: ("d.stopped_by = ?", [term.value.upper()]),
    "night": _night,
    "lib": lambda term: ("+d.id IN (SELECT dream_id FROM dream_library WHERE name = ?)", [term.value]),
    "api": lambda term: (
        "+d.id IN (SELECT dream_id FROM dream_api WHERE lower(name) >= ? AND lower(name) < ?)",
        _beginning(term.value),
    ),
    "pattern": lambda term: ("lower(d.pattern) = ?", [term.value]),
    "origin": _origin,
    "difficulty": lambda term: (f"d.difficulty {_SCORES[term.sign]} ?", [float(term.value)]),
}
