"""The lessons: what was learned, its words, its neighbourhood and its uses. It answers with ranked row numbers.

How the rankings are weighed against each other is the Academy's matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from dreamer_app.core.clock import Clock
from dreamer_app.store.connection import Connection
from dreamer_app.store.lesson_records import Lesson, LessonFilter, LessonUse

WEIGHTS = (6.0, 3.0, 1.0, 5.0, 2.0)
"""bm25 weights of title, task, code, names, quotes: a name or a title says more than a line of code."""

_WANTED = """(:library IS NULL OR EXISTS (SELECT 1 FROM lesson_library AS l WHERE l.n = {n} AND l.name = :library
    AND (:versions IS NULL OR l.version IN (SELECT value FROM json_each(:versions)))))"""
_FIELDS = """lesson.n, lesson.id, lesson.title, lesson.task, lesson.code, lesson.body,
    (SELECT count(*) FROM lesson_use WHERE lesson_id = lesson.id) AS uses"""


class LessonTable:
    """The index of lessons."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def put(self, lesson: Lesson, names: str, vector: bytes | None = None) -> None:
        """Make a lesson findable, replacing what was known of it; its uses stay.

        Args:
            lesson: What to keep.
            names: The names in it as words that a person might type.
            vector: Its embedding, opaque here.
        """
        body = lesson.model_dump(mode="json", exclude={"id", "title", "task", "code", "uses"})
        with self._connection.transaction() as db:
            db.execute("DELETE FROM lesson WHERE id = ?", (lesson.id,))
            n = db.execute(
                "INSERT INTO lesson (id, learned_at, title, task, code, names, quotes, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    lesson.id,
                    self._clock.now().isoformat(),
                    lesson.title,
                    lesson.task,
                    lesson.code,
                    names,
                    "\n\n".join(lesson.quotes),
                    json.dumps(body, ensure_ascii=False),
                ),
            ).lastrowid
            db.executemany(
                "INSERT OR REPLACE INTO lesson_library VALUES (?, ?, ?)",
                [(n, pin.name, pin.version) for pin in lesson.libraries],
            )
            used = frozenset(lesson.apis)
            db.executemany(
                "INSERT OR REPLACE INTO lesson_node VALUES (?, ?, ?, ?)",
                [(n, node, tail(node), node in used) for node in (*lesson.nodes, *lesson.apis)],
            )
            if vector is not None:
                db.execute("INSERT INTO lesson_vector VALUES (?, ?)", (n, vector))

    def remove(self, lesson_id: str) -> bool:
        """Forget a lesson; its uses stay on record.

        Returns:
            False when there was none.
        """
        with self._connection.transaction() as db:
            return db.execute("DELETE FROM lesson WHERE id = ?", (lesson_id,)).rowcount > 0

    def count(self) -> int:
        """How many lessons there are."""
        return int(self._connection.read("SELECT count(*) AS n FROM lesson")[0]["n"])

    def versions(self, library: str) -> tuple[str, ...]:
        """Versions of a library that lessons are about."""
        found = self._connection.read("SELECT DISTINCT version FROM lesson_library WHERE name = ?", (library,))
        return tuple(sorted(row["version"] for row in found))

    def frequency(self, expression: str, limit: int) -> int:
        """In how many lessons an FTS5 expression occurs, counted up to a limit."""
        found = self._connection.read(
            "SELECT count(*) AS n FROM (SELECT 1 FROM lesson_text WHERE lesson_text MATCH ? LIMIT ?)",
            (expression, limit),
        )
        return int(found[0]["n"])

    def by_words(self, expression: str, wanted: LessonFilter, limit: int) -> tuple[int, ...]:
        """Row numbers that match an FTS5 expression, best first by BM25."""
        weights = ", ".join(str(weight) for weight in WEIGHTS)
        return self._numbers(
            f"""SELECT rowid AS n FROM lesson_text WHERE lesson_text MATCH :expression
            AND {_WANTED.format(n="lesson_text.rowid")}
            ORDER BY bm25(lesson_text, {weights}), rowid LIMIT :limit""",  # noqa: S608 -- constants of this module
            {"expression": expression, "limit": limit},
            wanted,
        )

    def newest(self, expression: str, wanted: LessonFilter, limit: int) -> tuple[int, ...]:
        """Row numbers that match an FTS5 expression, newest first; unlike `by_words` it never reads every match."""
        return self._numbers(
            f"""SELECT rowid AS n FROM lesson_text WHERE lesson_text MATCH :expression
            AND {_WANTED.format(n="lesson_text.rowid")} ORDER BY rowid DESC LIMIT :limit""",  # noqa: S608
            {"expression": expression, "limit": limit},
            wanted,
        )

    def nodes_named(self, names: Sequence[str], limit: int) -> tuple[str, ...]:
        """Nodes that lessons use whose last name, lower case, or whole path is one of these."""
        found = self._connection.read(
            "SELECT node FROM lesson_node WHERE tail IN (SELECT value FROM json_each(:names)) AND used = 1 "
            "UNION SELECT node FROM lesson_node WHERE node IN (SELECT value FROM json_each(:names)) AND used = 1 "
            "ORDER BY node LIMIT :limit",
            {"names": json.dumps(names), "limit": limit},
        )
        return tuple(row["node"] for row in found)

    def nodes_of(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """Nodes that some lessons use, each once."""
        found = self._connection.read(
            "SELECT DISTINCT node FROM lesson_node WHERE n IN (SELECT value FROM json_each(?)) AND used = 1 "
            "ORDER BY node",
            (json.dumps(numbers),),
        )
        return tuple(row["node"] for row in found)

    def by_nodes(self, nodes: Sequence[str], wanted: LessonFilter, limit: int, per_node: int) -> tuple[int, ...]:
        """Row numbers of lessons near some nodes, those that share the rarest first.

        Args:
            nodes: Keys.
            wanted: Which lessons.
            limit: At most this many.
            per_node: Lessons looked at for each node, those that use it before those that only lie near it.
        """
        scores: dict[int, float] = {}
        for node in nodes:
            near = self._connection.read(
                f"""SELECT n, used FROM lesson_node WHERE node = :node AND {_WANTED.format(n="lesson_node.n")}
                ORDER BY used DESC, n DESC LIMIT :limit""",  # noqa: S608
                {"node": node, "limit": per_node, **_parameters(wanted)},
            )
            for row in near:
                scores[row["n"]] = scores.get(row["n"], 0.0) + (1.0 if row["used"] else 0.4) / len(near)
        return tuple(sorted(scores, key=lambda n: (-scores[n], -n))[:limit])

    def using(self, name: str, limit: int) -> tuple[int, ...]:
        """Row numbers of lessons that use an API, by dotted path or by its last name, most used first."""
        key = "node" if "." in name else "tail"
        return self._numbers(
            f"""SELECT lesson_node.n AS n FROM lesson_node JOIN lesson ON lesson.n = lesson_node.n
            WHERE {key} = :name AND used = 1 GROUP BY lesson_node.n
            ORDER BY (SELECT count(*) FROM lesson_use WHERE lesson_id = lesson.id) DESC, lesson_node.n DESC
            LIMIT :limit""",  # noqa: S608
            {"name": name if "." in name else name.lower(), "limit": limit},
            LessonFilter(),
        )

    def vectors(self, wanted: LessonFilter) -> Iterator[tuple[int, bytes]]:
        """Every stored embedding with its row number."""
        for row in self._connection.read(
            f"SELECT n, vector FROM lesson_vector WHERE {_WANTED.format(n='lesson_vector.n')} ORDER BY n",  # noqa: S608
            _parameters(wanted),
        ):
            yield row["n"], row["vector"]

    def get(self, numbers: Sequence[int]) -> dict[int, Lesson]:
        """Lessons by row number."""
        found = self._connection.read(
            f"SELECT {_FIELDS} FROM lesson WHERE n IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps(numbers),),
        )
        return {row["n"]: _lesson(row) for row in found}

    def by_id(self, lesson_id: str) -> Lesson | None:
        """One lesson."""
        found = self._connection.read(f"SELECT {_FIELDS} FROM lesson WHERE id = ?", (lesson_id,))  # noqa: S608
        return _lesson(found[0]) if found else None

    def out_of_step(self, reviews: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What differs from the journal.

        Args:
            reviews: Words of a person that make a verified dream a lesson.

        Returns:
            Dreams that should be lessons and are not, and lessons that should not be.
        """
        lessons = "SELECT id FROM dream WHERE state = 'verified' AND review IN (SELECT value FROM json_each(?))"
        missing = self._connection.read(
            f"{lessons} AND id NOT IN (SELECT id FROM lesson) ORDER BY id",  # noqa: S608
            (json.dumps(reviews),),
        )
        surplus = self._connection.read(
            f"SELECT id FROM lesson WHERE id NOT IN ({lessons}) ORDER BY id",  # noqa: S608
            (json.dumps(reviews),),
        )
        return tuple(row["id"] for row in missing), tuple(row["id"] for row in surplus)

    def used(self, lesson_id: str, by: str) -> None:
        """Write that a lesson was used."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT INTO lesson_use (lesson_id, user, used_at) VALUES (?, ?, ?)",
                (lesson_id, by, self._clock.now().isoformat()),
            )

    def uses(self, lesson_id: str) -> tuple[LessonUse, ...]:
        """Every use of a lesson, oldest first."""
        found = self._connection.read("SELECT * FROM lesson_use WHERE lesson_id = ? ORDER BY id", (lesson_id,))
        return tuple(
            LessonUse(lesson_id=row["lesson_id"], by=row["user"], used_at=datetime.fromisoformat(row["used_at"]))
            for row in found
        )

    def _numbers(self, sql: str, parameters: dict[str, Any], wanted: LessonFilter) -> tuple[int, ...]:
        return tuple(row["n"] for row in self._connection.read(sql, parameters | _parameters(wanted)))


def tail(node: str) -> str:
    """The last name of a dotted path, lower case."""
    return node.rpartition(".")[2].lower()


def _parameters(wanted: LessonFilter) -> dict[str, str | None]:
    versions = None if wanted.versions is None else json.dumps(wanted.versions)
    return {"library": wanted.library, "versions": versions}


def _lesson(row: Any) -> Lesson:
    return Lesson.model_validate(
        {
            "id": row["id"],
            "title": row["title"],
            "task": row["task"],
            "code": row["code"],
            "uses": row["uses"],
            **json.loads(row["body"]),
        }
    )
