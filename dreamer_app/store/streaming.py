"""Verified dreams one after the other in the order of their identifiers, a page at a time, so that any number of them
fits into memory. It reads; what is done with them is others' matter.

Only what training files tell is taken out of the rows, by the database itself, and it is not checked again: this
program checked it when it was written. Of the receipts, which are most of a dream's rows, one is read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from pydantic_core import from_json

from dreamer_app.core.types import LibraryPin, Review, Tier
from dreamer_app.store.connection import Connection
from dreamer_app.store.proven_task import LIKENESS, Nearest, PassedGate, ProvenTask, nearest

PAGE = 500

# The plus keeps the index over states out of it: pages come in the order of the key and nothing is ever sorted.
_TASKS = """SELECT dream.id AS id, attempt.id, title, attempt.solution, origin, attempt.tier, review, requirements,
    json_extract(scenario, '$.libraries'), json_extract(scenario, '$.prompt', '$.signature', '$.entry_point', '$.tests',
    '$.uses_api', '$.knowledge.quotes', '$.difficulty.score', '$.naturalness.score')
    FROM dream JOIN attempt ON attempt.dream_id = dream.id
    WHERE dream.id > :after AND +dream.state = 'verified' AND attempt.n = (SELECT max(n) FROM attempt AS other
    WHERE other.dream_id = dream.id AND (purpose = 'dream' OR (edited AND accepted)))
    ORDER BY dream.id LIMIT :page"""
_OUTLINES = """SELECT id, origin, tier, review, CASE WHEN :licenses THEN json_extract(scenario, '$.libraries') ELSE
    (SELECT json_group_array(json_object('name', name, 'version', version)) FROM dream_library WHERE dream_id = id) END,
    (SELECT group_concat(name, char(31)) FROM dream_api WHERE dream_id = id)
    FROM dream WHERE id > :after AND +state = 'verified' ORDER BY id LIMIT :page"""
_LIKE = """SELECT attempt_id, json_extract(evidence, '$.nearest_dream'),
    json_extract(evidence, '$.similarity_to_dream'), '' FROM receipt
    WHERE attempt_id IN (SELECT value FROM json_each(:attempts)) AND gate = :likeness"""
# One look at the receipts for both, because most of them are longer than all else that is read.
_LIKE_AND_GATES = """SELECT attempt_id,
    max(CASE gate WHEN :likeness THEN json_extract(evidence, '$.nearest_dream') END),
    max(CASE gate WHEN :likeness THEN json_extract(evidence, '$.similarity_to_dream') END),
    group_concat(gate || char(31) || name || char(31) || version, char(30)) FROM receipt
    WHERE attempt_id IN (SELECT value FROM json_each(:attempts)) GROUP BY attempt_id"""


class DreamStream:
    """The journal's verified dreams as a stream."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tasks(self, *, gates: bool = False, after: str = "") -> Iterator[ProvenTask]:
        """Every verified dream, with the solution that decided it.

        Args:
            gates: Also tell which gates it passed.
            after: Begin behind this identifier.
        """
        for page in self._pages(_TASKS, after=after):
            asked = {"attempts": json.dumps([row[1] for row in page]), "likeness": LIKENESS}
            receipts = self._connection.read(_LIKE_AND_GATES if gates else _LIKE, asked)
            told = {attempt: (nearest(dream, share), _gates_of(passed)) for attempt, dream, share, passed in receipts}
            for row in page:
                yield _task(row, *told.get(row[1], (None, ())))

    def outlines(self, *, licenses: bool) -> Iterator[tuple[str, str, Tier, Review, tuple[LibraryPin, ...], list[str]]]:
        """Of every verified dream what decides whether it is taken: identifier, origin, tier, review, libraries and
        names of its APIs. Licences are told when they are asked for, which takes as long as all the rest.
        """
        for page in self._pages(_OUTLINES, licenses=licenses):
            for dream, origin, tier, review, libraries, uses in page:
                yield dream, origin, _TIERS[tier], _REVIEWS[review], _pins(libraries), (uses or "").split("\x1f")

    def _pages(self, sql: str, *, after: str = "", **parameters: object) -> Iterator[list[sqlite3.Row]]:
        """Pages in their order; while one is worked on, a thread has the database find the next one."""

        def read(behind: str) -> list[sqlite3.Row]:
            return self._connection.read(sql, parameters | {"after": behind, "page": PAGE})

        with ThreadPoolExecutor(1, "journal-page") as ahead:
            coming = ahead.submit(read, after)
            while page := coming.result():
                coming = ahead.submit(read, page[-1]["id"])
                yield page


def _task(row: sqlite3.Row, alike: Nearest | None, gates: tuple[PassedGate, ...]) -> ProvenTask:
    """A row of _TASKS; by place, as a look-up by name takes as long as all else that is done here."""
    dream, _, title, solution, origin, tier, review, requirements, libraries, told = row
    prompt, signature, entry_point, tests, uses, quotes, difficulty, naturalness = from_json(told)
    return ProvenTask(
        dream,
        title,
        prompt,
        signature,
        entry_point,
        tests,
        solution,
        origin,
        _TIERS[tier],
        _REVIEWS[review],
        _pins(libraries),
        tuple([use["name"] for use in uses]),
        tuple([quote["text"] for quote in quotes]),
        _requirements(requirements),
        difficulty,
        naturalness,
        alike,
        gates,
    )


@lru_cache(maxsize=512)
def _pins(libraries: str) -> tuple[LibraryPin, ...]:
    """Libraries as a scenario holds them; most dreams of a journal share theirs."""
    return tuple(LibraryPin.model_validate(pin) for pin in from_json(libraries))


_TIERS = {one.value: one for one in Tier}
_REVIEWS = {one.value: one for one in Review}


@lru_cache(maxsize=512)
def _requirements(text: str) -> tuple[str, ...]:
    return tuple(from_json(text))


@lru_cache(maxsize=512)
def _gates_of(gates: str) -> tuple[PassedGate, ...]:
    """What all proofs that went through the same gates have in common."""
    return tuple(PassedGate(*line.split("\x1f")) for line in gates.split("\x1e") if line)
