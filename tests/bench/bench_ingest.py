"""How long the Oracle takes, with griffe's bare parse of the same wheel beside it as the floor.

Downloads first, so that the network is not measured; reading, linking, storing, communities and bridges are.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import griffe

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.oracle.model import SourceReport

LIBRARIES = (
    "textual",
    "rich",
    "networkx",
    "toolz",
    "more-itertools",
    "sortedcontainers",
    "boltons",
)
DOCTEST_RICH = LIBRARIES[2:]
ROUNDS = 3


def bare_parse(archives: Path, report: SourceReport) -> float:
    """Seconds that griffe alone needs to load a library's packages from its unpacked wheel, the best of some rounds."""
    name = report.library.replace("-", "_")
    wheel = next(file for file in archives.rglob("*.whl") if file.name.lower().startswith(f"{name}-{report.version}-"))
    best = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            loader = griffe.GriffeLoader(search_paths=[folder], allow_inspection=False)
            for package in report.import_names:
                loader.load(package)
            loader.resolve_aliases(implicit=False, external=False)
            best = min(best, time.perf_counter() - started)
    return best


def fresh(base: Path, library: str) -> tuple[SourceReport, float]:
    """Ingest into an empty graph from archives on disk; the report and the seconds of its communities."""
    best: tuple[SourceReport, float] | None = None
    for _ in range(ROUNDS):
        for file in base.glob("knowledge.sqlite*"):
            file.unlink()
        oracle = Oracle(DataPaths(base), Settings())
        report = asyncio.run(oracle.ingest(f"pypi:{library}"))
        started = time.perf_counter()
        graph = oracle.graph()
        graph.clusters([library])
        clustering = time.perf_counter() - started
        graph.close()
        if best is None or report.seconds + clustering < best[0].seconds + best[1]:
            best = (report, clustering)
    assert best is not None
    return best


def main() -> None:
    """Print the table."""
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    if sys.stdout.isatty():
        print("the first round downloads")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        oracle = Oracle(DataPaths(base), Settings())
        for library in LIBRARIES:
            asyncio.run(oracle.ingest(f"pypi:{library}"))
        print(f"best of {ROUNDS}, seconds; griffe = bare load of the same wheel")
        print(
            f"{'library':18}{'griffe':>8}{'ingest':>8}{'again':>8}{'clusters':>10}{'nodes':>8}{'edges':>8}{'doctests':>10}"
        )
        doctests = 0
        for library in LIBRARIES:
            report, clustering = fresh(base, library)
            again = asyncio.run(Oracle(DataPaths(base), Settings()).ingest(f"pypi:{library}"))
            shown = report.examples.get("doctest", 0)
            doctests += shown if library in DOCTEST_RICH else 0
            print(
                f"{library:18}{bare_parse(oracle.paths.sources, report):8.2f}{report.seconds:8.2f}{again.seconds:8.2f}"
                f"{clustering:10.2f}{sum(report.nodes.values()):8}{sum(report.edges.values()):8}{shown:10}"
            )
        print(f"doctest examples of the {len(DOCTEST_RICH)} doctest-rich libraries: {doctests}")
        for library in LIBRARIES:
            asyncio.run(oracle.ingest(f"pypi:{library}"))
        graph = oracle.graph()
        started = time.perf_counter()
        clusters = graph.clusters(LIBRARIES)
        bridges = sum(cluster.id.startswith("bridge:") for cluster in clusters)
        took = time.perf_counter() - started
        communities = len(clusters) - bridges
        print(f"all {len(LIBRARIES)} together: {communities} communities, {bridges} bridges in {took:.2f} s")
        graph.close()


if __name__ == "__main__":
    main()
