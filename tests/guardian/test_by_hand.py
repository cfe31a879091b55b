"""The corpus that a person wrote for the measurement: as large as said, and every mistake is one in that text."""

from __future__ import annotations

import ast

from dreamer_app.core.types import LibraryPin
from tests.bench.bench_weaver import LIBRARIES
from tests.bench.by_hand import good_by_hand, wrong_by_hand


def test_mistakes_are_many_and_different() -> None:
    pins = [LibraryPin(name=name, version="1", import_names=(name.replace("-", "_"),)) for name in LIBRARIES]
    good, wrong = good_by_hand(pins), wrong_by_hand(pins)
    assert len(good) >= 50 and len(wrong) >= 300
    solutions = [ast.unparse(ast.parse(one.candidate.solution)) for one in (*good, *wrong)]
    assert len(set(solutions)) == len(solutions)
