"""Oracle.ingest: from a source's name to its knowledge, incrementally and atomically.

Reading happens in a thread; the tables change in one transaction at the very end, so that a cancelled or crashed ingest
leaves the previous knowledge as it was.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import SourceError, UsageError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.oracle import examples, public
from dreamer_app.oracle.facts import PARSER_VERSION, FileFacts
from dreamer_app.oracle.graph import GraphStore
from dreamer_app.oracle.link import Linker
from dreamer_app.oracle.model import Example, SourceReport
from dreamer_app.oracle.names import Namespace
from dreamer_app.oracle.parse import parse_module
from dreamer_app.oracle.rows import RowBuilder
from dreamer_app.oracle.sources import folder, git, pypi
from dreamer_app.oracle.sources.source import Located, Role, SourceFile, SourceFiles
from dreamer_app.store.knowledge import FileRows, KnowledgeTables, SourceRow


class _Tell(Protocol):
    """Says how far the ingest is; called from its thread."""

    def __call__(self, step: str, done: int = 0, total: int | None = None) -> None: ...


class _CalledOffError(Exception):
    """The ingest was called off between two files."""


@dataclass
class _Reading:
    facts: dict[str, FileFacts]
    raw: dict[str, str]
    digests: dict[str, str]
    read: int = 0
    skipped: int = 0


class Oracle:
    """Reads sources into the knowledge graph.

    Args:
        paths: Where downloads and the graph live.
        settings: Section `oracle` is used.
        listener: Hears of progress.
        clock: For the report.
    """

    def __init__(
        self, paths: DataPaths, settings: Settings, listener: Listener = ignore, clock: Clock | None = None
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.listener = listener
        self.clock = clock or SystemClock()

    async def ingest(self, source: str) -> SourceReport:
        """Read a source and replace what was known of its library.

        Args:
            source: `pypi:NAME[==V]`, a folder, a file, or `git+URL`.

        Raises:
            UsageError: The text names no kind of source.
            SourceError: The source cannot be read or holds nothing.
            InfrastructureError: The knowledge database cannot be written.
        """
        called_off = threading.Event()
        loop = asyncio.get_running_loop()

        def tell(step: str, done: int = 0, total: int | None = None) -> None:
            event = Progress(task=f"ingest {source}", step=step, done=done, total=total)
            loop.call_soon_threadsafe(self.listener, event)

        reading = loop.run_in_executor(None, self._ingest, source, called_off, tell)
        try:
            return await asyncio.shield(reading)
        except asyncio.CancelledError:
            called_off.set()
            await asyncio.wait([reading])
            if not reading.cancelled():
                reading.exception()
            raise

    def graph(self) -> GraphStore:
        """The knowledge graph as it is now."""
        self.paths.create()
        return GraphStore(self.paths.knowledge)

    def _ingest(self, source: str, called_off: threading.Event, tell: _Tell) -> SourceReport:
        started = self.clock.monotonic()
        self.paths.create()
        tables = KnowledgeTables(self.paths.knowledge)
        try:
            tell("find")
            try:
                located = self._locate(source, tables)
            except pypi.IndexUnreachableError as error:
                kept = _kept(source, tables)
                if kept is None:
                    raise
                note = f"The package index did not answer; what was known is kept. {error.message}"
                return self._report(tables, kept, read=0, skipped=int(kept.meta["files"]), started=started, note=note)
            known = tables.source(located.library)
            if known is not None and _same(known, located):
                return self._report(tables, known, read=0, skipped=int(known.meta["files"]), started=started)
            tell("unpack")
            files = located.read()
            total = len(files.files)
            reading = self._read(files, tables.facts(located.library, PARSER_VERSION), called_off, tell)
            tell("link", total, total)
            row, file_rows = self._link(located, files, reading)
            if called_off.is_set():
                raise _CalledOffError
            tell("store", total, total)
            tables.replace(row, file_rows)
            return self._report(tables, row, read=reading.read, skipped=reading.skipped, started=started)
        finally:
            tables.close()

    def _locate(self, source: str, tables: KnowledgeTables) -> Located:
        oracle = self.settings.oracle
        if source.startswith("pypi:"):
            return pypi.locate(
                source.removeprefix("pypi:"),
                folder=self.paths.sources,
                index=oracle.index,
                limit_mb=oracle.archive_limit,
                known=[row.lib for row in tables.sources()],
            )
        if source.startswith("git+"):
            rows = tables.sources()
            return git.locate(
                source.removeprefix("git+"),
                scratch=self.paths.sources,
                limit_mb=oracle.archive_limit,
                known={row.uri: (row.lib, row.version, row.sha256) for row in rows if row.kind == "git"},
            )
        if Path(source).exists() or source.startswith((".", "/", "~")) or "/" in source:
            if "://" in source:
                raise UsageError("Not a source", f"`{source}` is a web address.", "Write git+URL for a repository.")
            return folder.locate(Path(source).expanduser(), limit_mb=oracle.archive_limit)
        raise UsageError(
            "Not a source", f"`{source}` names no kind of source.", "Write pypi:NAME, a folder, a file or git+URL."
        )

    def _read(
        self, files: SourceFiles, stored: dict[tuple[str, str], str], called_off: threading.Event, tell: _Tell
    ) -> _Reading:
        reading = _Reading({}, {}, {})
        total = len(files.files)
        for number, file in enumerate(files.files):
            if called_off.is_set():
                raise _CalledOffError
            tell(file.path, number, total)
            digest = file.sha256
            kept = stored.get((file.path, digest))
            if kept is not None:
                facts = FileFacts.model_validate_json(kept)
                reading.skipped += 1
            else:
                facts = read_file(file)
                kept = facts.model_dump_json(exclude_defaults=True)
                reading.read += 1
            reading.facts[file.path] = facts
            reading.raw[file.path] = kept
            reading.digests[file.path] = digest
        return reading

    def _link(self, located: Located, files: SourceFiles, reading: _Reading) -> tuple[SourceRow, list[FileRows]]:
        modules = [facts.module for facts in reading.facts.values() if facts.module is not None]
        module_files: dict[str, str] = {}
        for path, facts in reading.facts.items():
            if facts.module is not None and (facts.module.module not in module_files or path.endswith(".py")):
                module_files[facts.module.module] = path
        space = Namespace(modules)
        apis = public.build(space, located.library, module_files)
        texts = {file.path: file.text() for file in files.files if file.role in {Role.TEXT, Role.PAGE}}
        linked = Linker(located.library, space, apis, texts, reading.digests).link(reading.facts)
        notes = list(files.notes)
        notes += [f"{path}: {facts.trouble}" for path, facts in sorted(reading.facts.items()) if facts.trouble]
        documented = sum(bool(api.docstring) for api in apis.apis.values())
        if not apis.apis and not linked.examples and not linked.concepts:
            raise SourceError(
                "There is nothing to learn",
                f"{located.uri} holds no public Python API, no documentation and no examples.",
                "Ingest its documentation as a folder, or another library.",
            )
        if not documented and not linked.examples and not linked.concepts:
            raise SourceError(
                "There is no documentation",
                f"{located.uri} has {len(apis.apis)} public names but no docstring, page or example.",
                "Ingest its documentation as a folder or with git+URL.",
            )
        if not linked.concepts:
            notes.append("There are no documentation pages; docstrings and examples were read.")
        row = SourceRow(
            lib=located.library,
            version=located.version,
            kind=located.kind,
            uri=located.uri,
            sha256=located.fingerprint,
            license=files.license,
            parser=PARSER_VERSION,
            meta={
                "import_names": list(files.import_names),
                "notes": notes,
                "files": len(files.files),
                "examples": _forms(linked.examples),
            },
        )
        builder = RowBuilder(located.library, reading.facts, reading.digests, reading.raw)
        return row, builder.build(space, apis, linked, module_files)

    def _report(
        self, tables: KnowledgeTables, row: SourceRow, *, read: int, skipped: int, started: float, note: str = ""
    ) -> SourceReport:
        nodes, edges = tables.counts(row.lib)
        return SourceReport(
            library=row.lib,
            version=row.version,
            license=row.license,
            import_names=tuple(row.meta["import_names"]),
            files_read=read,
            files_skipped=skipped,
            nodes=nodes,
            edges=edges,
            examples=dict(row.meta["examples"]),
            notes=(*row.meta["notes"], *filter(None, [note])),
            seconds=self.clock.monotonic() - started,
        )


def _kept(source: str, tables: KnowledgeTables) -> SourceRow | None:
    """What is known of a package already, if it is the version that is asked for."""
    name, version = pypi.parse_requirement(source.removeprefix("pypi:"))
    row = tables.source(name)
    wanted = row is not None and row.kind == "pypi" and version in {None, row.version}
    return row if wanted else None


def _same(known: SourceRow, located: Located) -> bool:
    return (known.sha256, known.parser, known.version) == (located.fingerprint, PARSER_VERSION, located.version)


def _forms(found: Iterable[Example]) -> dict[str, int]:
    return dict(sorted(Counter(example.form for example in found).items()))


def read_file(file: SourceFile) -> FileFacts:
    """The facts of one file; a file that cannot be read gives facts with the reason."""
    try:
        text = file.text()
        if file.role is Role.MODULE:
            module = parse_module(file.path, text)
            return FileFacts(module=module, examples=tuple(examples.of_module(module)))
        if file.role is Role.PAGE:
            found, sections = examples.of_page(text, file.path)
            return FileFacts(examples=tuple(found), sections=tuple(sections))
        if file.role is Role.PROGRAM:
            program = examples.of_program(text, file.path)
            return FileFacts(examples=(program,) if program else ())
    except (SyntaxError, ValueError, RecursionError) as error:
        return FileFacts(trouble=f"not read, {type(error).__name__}: {str(error)[:200]}")
    return FileFacts()
