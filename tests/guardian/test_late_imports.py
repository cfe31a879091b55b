"""Heavy libraries are imported once, whoever asks at the same moment."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from dreamer_app.guardian.late_imports import late_import


def test_two_imports_never_overlap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "import sys\n"
        "assert not getattr(sys, 'dreamer_importing', False), 'another import is under way'\n"
        "sys.dreamer_importing = True\n"
        "for _ in range(200_000):\n    pass\n"
        "sys.dreamer_importing = False\n"
    )
    names = [f"late_import_probe_{number}" for number in range(6)]
    for name in names:
        (tmp_path / f"{name}.py").write_text(body, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    failures: list[BaseException] = []

    def load(name: str) -> None:
        try:
            assert late_import(name) is sys.modules[name]
        except BaseException as error:
            failures.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=load, args=(name,)) for name in names * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failures == []


def test_a_table_of_modules_that_grows_meanwhile_costs_no_dream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (
        "import sys\n"
        "sys.dreamer_tries = getattr(sys, 'dreamer_tries', 0) + 1\n"
        "for number, _ in enumerate(sys.modules):\n"
        "    if sys.dreamer_tries < 3:\n"
        "        sys.modules[f'late_import_other_{number}'] = sys\n"
        "sys.dreamer_tries = 0\n"
    )
    (tmp_path / "late_import_walker.py").write_text(body, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert late_import("late_import_walker") is sys.modules["late_import_walker"]
    finally:
        for name in [name for name in sys.modules if name.startswith("late_import_other_")]:
            del sys.modules[name]
