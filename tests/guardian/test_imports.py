"""G1: what may be imported, and what differs from run to run."""

from __future__ import annotations

import pytest

from dreamer_app.core.types import GateVerdict
from dreamer_app.guardian.gates.imports import ImportsGate
from tests.guardian.dreams import Planted, load, names, trial


async def verdict(planted: Planted, solution: str, tests: str | None = None) -> tuple[GateVerdict, str]:
    receipt = await ImportsGate().examine(trial(planted, solution=solution, tests=tests))
    return receipt.verdict, str(receipt.evidence.get("reason"))


@pytest.mark.parametrize("name", names("good"))
async def test_good_dreams_import_what_they_may(name: str) -> None:
    receipt = await ImportsGate().examine(trial(load("good", name)))
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence


@pytest.mark.parametrize(
    "source",
    [
        "import io, asyncio, math",
        "from collections import Counter",
        "from os.path import join",
        "import random\nrandom.Random(3).random()",
        "from random import Random\ndef f(r: Random): return r.random()\nf(Random(3))",
        "import random\nrandom.seed(3)\nrandom.shuffle([])",
        "import uuid\nuuid.uuid5(uuid.NAMESPACE_DNS, 'a')",
        "from datetime import date, datetime\ndate(2020, 1, 1)\ndatetime.fromisoformat('2020-01-01')",
        "import time\ntime.gmtime(0)",
        "import sys\nsys.maxsize",
        "from __future__ import annotations",
        "import networkx.algorithms.flow",
    ],
)
async def test_these_are_allowed(route: Planted, source: str) -> None:
    assert await verdict(route, source) == (GateVerdict.PASSED, "None")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import requests", "neither under study"),
        ("import toolz", "neither under study"),
        ("import networkx_extra", "neither under study"),
        ("import pytest", "neither under study"),
        ("import solution", "neither under study"),
        ("def f():\n    import socket", "neither under study"),
        ("import os", "neither under study"),
        ("from . import networkx", "relative"),
        ("from networkx import *", "star import"),
        ("exec('1')", "exec"),
        ("x = eval", "eval"),
        ("__import__('os')", "__import__"),
        ("import random\nrandom.random()", "without a seed"),
        ("from random import choice\nchoice([1])", "without a seed"),
        ("import random\nrandom.Random()", "without a seed"),
        ("import random\nrandom.seed()\nrandom.random()", "without a seed"),
        ("import random\nf = random", "passed around"),
        ("import time\ntime.time()", "differs from run to run"),
        ("import time\ntime.strftime('%Y')", "reads the clock"),
        ("import time\ntime.gmtime()", "reads the clock"),
        ("import uuid\nuuid.uuid4()", "differs from run to run"),
        ("import secrets", "neither under study"),
        ("from datetime import datetime\ndatetime.now()", "reads the clock"),
        ("import datetime\ndatetime.date.today()", "reads the clock"),
        ("import sys\nsys.modules", "differs from run to run"),
        ("import os.path\nos.system('x')", "differs from run to run"),
    ],
)
async def test_these_are_not(route: Planted, source: str, expected: str) -> None:
    found, reason = await verdict(route, source)
    assert found is GateVerdict.FAILED
    assert expected in reason


async def test_tests_are_looked_at_too(route: Planted) -> None:
    found, reason = await verdict(route, "", "import time\ntime.sleep(1)")
    assert found is GateVerdict.FAILED
    assert reason.startswith("test_solution.py:2")
