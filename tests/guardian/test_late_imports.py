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
