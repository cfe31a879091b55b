"""A pytest plug-in that reports what happens as numbered JSON lines on an inherited descriptor.

The tested code can forge all of it; the host checks the stream against what it knows from the source.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import warnings

    import pytest

MAX_TEXT = 2000


class EventStream:
    """Writes `collected`, `report`, `warning` and `end`."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.n = 0

    def emit(self, kind: str, **fields: Any) -> None:
        """Write one line."""
        line = json.dumps({"n": self.n, "kind": kind, "fields": fields}, separators=(",", ":")).encode("ascii") + b"\n"
        self.n += 1
        while line:
            line = line[os.write(self.fd, line) :]

    def end(self, status: int) -> None:
        """The last line."""
        self.emit("end", status=status)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """All tests are known."""
        self.emit("collected", ids=[item.nodeid for item in session.items])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file could not be imported."""
        if report.failed:
            self.emit("report", id=report.nodeid, when="collect", outcome="failed", text=_clean(report.longreprtext))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        fields: dict[str, Any] = {"id": report.nodeid, "when": report.when, "outcome": report.outcome}
        if hasattr(report, "wasxfail"):
            fields["wasxfail"] = True
        if report.outcome != "passed":
            fields["text"] = _clean(report.longreprtext)
        self.emit("report", **fields)

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """A warning that pytest would list."""
        self.emit("warning", text=_clean(f"{warning_message.category.__name__}: {warning_message.message}"))


def _clean(text: str) -> str:
    return text[-MAX_TEXT:].encode("utf-8", "replace").decode("utf-8")
