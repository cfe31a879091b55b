from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dreamer_app.academy.seeds import interest, read_failure, read_folder
from dreamer_app.core.errors import UsageError
from dreamer_app.store.sowing import SeedKind, SownName

NOW = datetime(2026, 5, 1, tzinfo=UTC)
APIS = {"toolz.groupby": "toolz.groupby", "toolz.itertoolz.groupby": "toolz.groupby", "rich.table.Table": "rich.Table"}

PROGRAM = """
import os
import toolz
import numpy as np
from rich.table import Table as T
from .own import x
import own
raise SystemExit("must not run")

def f(rows):
    np.linalg.norm(rows)
    return toolz.groupby(len, rows), T.grid()
"""
TRACEBACK = """Traceback (most recent call last):
  File "report.py", line 7, in <module>
    rows = toolz.groupby(words, key)
  File ".venv/lib/python3.11/site-packages/toolz/itertoolz.py", line 96, in groupby
    d = collections.defaultdict(lambda: [].append)
TypeError: 'list' object is not callable
"""


def test_a_folder_is_read_and_nothing_of_it_is_run(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "own.py").write_text("def broken(:\n", encoding="utf-8")
    (tmp_path / "requirements-dev.txt").write_text("more-itertools>=10  # lists\n-r other.txt\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["textual<9"]\n', encoding="utf-8")
    hidden = tmp_path / ".venv" / "lib"
    hidden.mkdir(parents=True)
    (hidden / "deep.py").write_text("import secret\n", encoding="utf-8")
    found = read_folder(tmp_path)
    assert set(found) == {
        "toolz", "toolz.groupby", "numpy", "numpy.linalg", "numpy.linalg.norm", "rich.table.Table",
        "rich.table.Table.grid", "more_itertools", "textual",
    }  # fmt: skip
    with pytest.raises(UsageError):
        read_folder(tmp_path / "app.py")


def test_a_traceback_speaks_of_libraries_and_apis() -> None:
    found = read_failure(TRACEBACK)
    assert {"toolz", "toolz.groupby"} <= set(found)
    assert "toolz.grupby" in read_failure("AttributeError: module 'toolz' has no attribute 'grupby'")
    assert "rich.table.Tabel" in read_failure("ImportError: cannot import name 'Tabel' from 'rich.table' (x.py)")
    assert "rich.table.Table" in read_failure(">   from rich.table import Table")
    assert not read_failure("")


def seed(kind: SeedKind, name: str, days: float = 0, times: int = 4) -> SownName:
    return SownName(kind=kind, name=name, source="s", times=times, sown_at=NOW - timedelta(days=days))


def test_interest_is_by_kind_by_age_and_only_in_what_is_known() -> None:
    def of(*seeds: SownName) -> dict[str, float]:
        return interest(seeds, APIS.get, NOW, {"toolz": "toolz", "rich": "rich"})

    assert of(seed(SeedKind.WISH, "toolz.itertoolz.groupby")) == {"toolz.groupby": 1.0}
    assert of(seed(SeedKind.FAILURE, "unknown.thing")) == {}
    assert of(seed(SeedKind.FAILURE, "rich")).keys() == {"rich"}
    kinds = [
        of(seed(kind, "toolz"))["toolz"] for kind in (SeedKind.WISH, SeedKind.FAILURE, SeedKind.REJECTED, SeedKind.USE)
    ]
    assert kinds == sorted(kinds, reverse=True) and len(set(kinds)) == 4
    week = of(seed(SeedKind.WISH, "toolz", days=7))["toolz"]
    assert week == pytest.approx(of(seed(SeedKind.WISH, "toolz"))["toolz"] / 2)
    assert of(seed(SeedKind.USE, "toolz", times=1))["toolz"] < of(seed(SeedKind.USE, "toolz", times=9))["toolz"]
    assert of(seed(SeedKind.USE, "toolz"), seed(SeedKind.WISH, "toolz"))["toolz"] == 1.0
