"""The tables of knowledge.sqlite: sources, their files, the graph's nodes and edges, full-text search.

Rows belong to a file and a file to a source, so that reading again replaces exactly what changed; one transaction
per ingest, so that an interrupted one leaves the old knowledge as it was. The keys of nodes are unique within a
library. What a body means is known to the Oracle alone.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlite_utils

from dreamer_app.store.db import Migration, open_database


def _first_tables(db: sqlite_utils.Database) -> None:
    for statement in _SCHEMA:
        db.execute(statement)


_SCHEMA = (
    """CREATE TABLE source (
        id INTEGER PRIMARY KEY, lib TEXT NOT NULL UNIQUE, version TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL,
        sha256 TEXT NOT NULL, license TEXT, parser TEXT NOT NULL, meta TEXT NOT NULL)""",
    """CREATE TABLE file (
        id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE, path TEXT NOT NULL,
        sha256 TEXT NOT NULL, parser TEXT NOT NULL, facts BLOB NOT NULL, rows TEXT NOT NULL DEFAULT '',
        UNIQUE (source, path))""",
    """CREATE TABLE node (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, lib TEXT NOT NULL, name TEXT NOT NULL,
        file INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE, line INTEGER NOT NULL, public INTEGER NOT NULL,
        signature TEXT NOT NULL, summary TEXT NOT NULL, body TEXT NOT NULL, search TEXT NOT NULL, UNIQUE (lib, key))""",
    "CREATE INDEX node_file ON node(file)",
    "CREATE INDEX node_kind ON node(lib, kind)",
    """CREATE TABLE edge (
        src TEXT NOT NULL, dst TEXT NOT NULL, kind TEXT NOT NULL,
        file INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE, weight REAL NOT NULL DEFAULT 1)""",
    "CREATE INDEX edge_file ON edge(file)",
    """CREATE VIRTUAL TABLE node_fts USING fts5(
        name, summary, search, content='node', content_rowid='id', tokenize='porter unicode61')""",
    """CREATE TRIGGER node_inserted AFTER INSERT ON node BEGIN
        INSERT INTO node_fts(rowid, name, summary, search) VALUES (new.id, new.name, new.summary, new.search); END""",
    """CREATE TRIGGER node_deleted AFTER DELETE ON node BEGIN
        INSERT INTO node_fts(node_fts, rowid, name, summary, search)
        VALUES ('delete', old.id, old.name, old.summary, old.search); END""",
    """CREATE TRIGGER node_updated AFTER UPDATE ON node BEGIN
        INSERT INTO node_fts(node_fts, rowid, name, summary, search)
        VALUES ('delete', old.id, old.name, old.summary, old.search);
        INSERT INTO node_fts(rowid, name, summary, search) VALUES (new.id, new.name, new.summary, new.search); END""",
)

MIGRATIONS: tuple[Migration, ...] = (("knowledge-001-tables", _first_tables),)


@dataclass(frozen=True)
class NodeRow:
    """One node as it is stored."""

    key: str
    kind: str
    name: str
    line: int = 0
    signature: str = ""
    summary: str = ""
    body: str = ""
    search: str = ""


@dataclass(frozen=True)
class EdgeRow:
    """One edge as it is stored; its ends are keys, which may be of another library."""

    src: str
    dst: str
    kind: str
    weight: float = 1.0


@dataclass
class FileRows:
    """Everything that belongs to one file.

    Attributes:
        path: Inside the source.
        sha256: Of its bytes.
        parser: Version of the parser that made the facts.
        facts: JSON.
        digest: Of nodes and edges; equal digests mean that the rows need not be written again.
    """

    path: str
    sha256: str
    parser: str
    facts: str
    nodes: list[NodeRow] = field(default_factory=list)
    edges: list[EdgeRow] = field(default_factory=list)
    digest: str = ""


@dataclass(frozen=True)
class SourceRow:
    """One ingested source.

    Attributes:
        lib: Distribution name.
        sha256: Over all its files.
        meta: Whatever the Oracle wants to know again.
    """

    lib: str
    version: str
    kind: str
    uri: str
    sha256: str
    license: str | None
    parser: str
    meta: Mapping[str, Any]


class KnowledgeTables:
    """Reads and writes knowledge.sqlite.

    Args:
        file: The database; None means in memory.
    """

    def __init__(self, file: Path | None) -> None:
        self.db = open_database(file, MIGRATIONS)

    def close(self) -> None:
        """Release the file."""
        self.db.conn.close()

    def sources(self) -> tuple[SourceRow, ...]:
        """All sources by library name."""
        rows = self.db.conn.execute(
            "SELECT lib, version, kind, uri, sha256, license, parser, meta FROM source ORDER BY lib"
        )
        return tuple(
            SourceRow(lib, version, kind, uri, sha256, stated, parser, json.loads(meta))
            for lib, version, kind, uri, sha256, stated, parser, meta in rows
        )

    def source(self, lib: str) -> SourceRow | None:
        """The source of a library."""
        return next((row for row in self.sources() if row.lib == lib), None)

    def facts(self, lib: str, parser: str) -> dict[tuple[str, str], str]:
        """Stored facts of a library's files by path and digest, as far as this parser made them."""
        rows = self.db.conn.execute(
            "SELECT file.path, file.sha256, file.facts FROM file JOIN source ON source.id = file.source"
            " WHERE source.lib = ? AND file.parser = ?",
            [lib, parser],
        )
        return {(path, sha256): zlib.decompress(facts).decode() for path, sha256, facts in rows}

    def nodes(self, lib: str, kinds: Iterable[str]) -> Iterator[NodeRow]:
        """Nodes of a library in the order of their keys."""
        query = (
            "SELECT key, kind, name, line, signature, summary, body, search FROM node"
            " WHERE lib = ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY key"
        )
        for row in self.db.conn.execute(query, [lib, json.dumps(list(kinds))]):
            yield NodeRow(*row)

    def body(self, lib: str, key: str) -> str | None:
        """The body of one node of a library."""
        row = self.db.conn.execute("SELECT body FROM node WHERE lib = ? AND key = ?", [lib, key]).fetchone()
        return None if row is None else str(row[0])

    def edges(self, lib: str) -> Iterator[EdgeRow]:
        """Edges of a library's files, in a stable order."""
        query = (
            "SELECT edge.src, edge.dst, edge.kind, edge.weight FROM edge JOIN file ON file.id = edge.file"
            " JOIN source ON source.id = file.source WHERE source.lib = ? ORDER BY edge.src, edge.dst, edge.kind"
        )
        for row in self.db.conn.execute(query, [lib]):
            yield EdgeRow(*row)

    def counts(self, lib: str) -> tuple[dict[str, int], dict[str, int]]:
        """Nodes and edges of a library by kind."""
        nodes = self.db.conn.execute("SELECT kind, count(*) FROM node WHERE lib = ? GROUP BY kind ORDER BY kind", [lib])
        edges = self.db.conn.execute(
            "SELECT edge.kind, count(*) FROM edge JOIN file ON file.id = edge.file"
            " JOIN source ON source.id = file.source WHERE source.lib = ? GROUP BY edge.kind ORDER BY 1",
            [lib],
        )
        return dict(list(nodes)), dict(list(edges))

    def search(self, words: str, limit: int = 20) -> tuple[tuple[str, str, str], ...]:
        """Library, key and summary of the nodes that match best, APIs before examples and sections."""
        terms = " ".join('"' + word.replace('"', "") + '"' for word in words.split())
        if not terms:
            return ()
        rows = self.db.conn.execute(
            "SELECT node.lib, node.key, node.summary FROM node_fts JOIN node ON node.id = node_fts.rowid"
            " WHERE node_fts MATCH ? ORDER BY node.kind IN ('example', 'concept'), bm25(node_fts, 8.0, 3.0, 1.0),"
            " node.key LIMIT ?",
            [terms, limit],
        )
        return tuple((lib, key, summary) for lib, key, summary in rows)

    def replace(self, source: SourceRow, files: Iterable[FileRows]) -> int:
        """Make a library's knowledge exactly this, in one transaction.

        Returns:
            How many files had rows to write.
        """
        written = 0
        with self.db.conn:
            self.db.conn.execute(
                "INSERT INTO source (lib, version, kind, uri, sha256, license, parser, meta) VALUES (?,?,?,?,?,?,?,?)"
                " ON CONFLICT (lib) DO UPDATE SET version=excluded.version, kind=excluded.kind, uri=excluded.uri,"
                " sha256=excluded.sha256, license=excluded.license, parser=excluded.parser, meta=excluded.meta",
                [
                    source.lib,
                    source.version,
                    source.kind,
                    source.uri,
                    source.sha256,
                    source.license,
                    source.parser,
                    json.dumps(source.meta, sort_keys=True),
                ],
            )
            (source_id,) = self.db.conn.execute("SELECT id FROM source WHERE lib = ?", [source.lib]).fetchone()
            known = {
                path: (sha256, parser, rows)
                for path, sha256, parser, rows in self.db.conn.execute(
                    "SELECT path, sha256, parser, rows FROM file WHERE source = ?", [source_id]
                )
            }
            wanted = list(files)
            changed = [file for file in wanted if known.get(file.path) != (file.sha256, file.parser, file.digest)]
            gone = set(known) - {file.path for file in wanted}
            for path in sorted(gone | {file.path for file in changed}):
                self.db.conn.execute("DELETE FROM file WHERE source = ? AND path = ?", [source_id, path])
            for file in changed:
                self._write(source_id, source.lib, file)
                written += 1
        return written

    def _write(self, source_id: int, lib: str, file: FileRows) -> None:
        connection = self.db.conn
        cursor = connection.execute(
            "INSERT INTO file (source, path, sha256, parser, facts, rows) VALUES (?,?,?,?,?,?)",
            [source_id, file.path, file.sha256, file.parser, zlib.compress(file.facts.encode(), 1), file.digest],
        )
        file_id = cursor.lastrowid
        connection.executemany(
            "INSERT INTO node (key, kind, lib, name, file, line, public, signature, summary, body, search)"
            " VALUES (?,?,?,?,?,?,1,?,?,?,?)",
            [
                (
                    node.key,
                    node.kind,
                    lib,
                    node.name,
                    file_id,
                    node.line,
                    node.signature,
                    node.summary,
                    node.body,
                    node.search,
                )
                for node in file.nodes
            ],
        )
        connection.executemany(
            "INSERT INTO edge (src, dst, kind, file, weight) VALUES (?,?,?,?,?)",
            [(edge.src, edge.dst, edge.kind, file_id, edge.weight) for edge in file.edges],
        )

    def forget(self, lib: str) -> None:
        """Remove a library."""
        with self.db.conn:
            self.db.conn.execute("DELETE FROM source WHERE lib = ?", [lib])
