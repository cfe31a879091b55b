"""G3: every rule in both directions, and bandit."""

from __future__ import annotations

import ast

import pytest

from dreamer_app.core.types import GateVerdict
from dreamer_app.guardian.gates.security import SecurityGate, bandit_findings
from dreamer_app.guardian.gates.security_rules import violations
from tests.guardian.dreams import Planted, load, names, trial


@pytest.mark.parametrize("name", names("good"))
async def test_good_dreams_are_harmless(name: str) -> None:
    receipt = await SecurityGate().examine(trial(load("good", name)))
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence


def rules(source: str, *, is_test: bool = False) -> set[str]:
    return {violation.rule for violation in violations(ast.parse(source), is_test=is_test)}


CASES = {
    "D01": ["import socket", "from urllib import request", "import asyncio\nasyncio.open_connection('a', 1)"],
    "D02": ["import subprocess", "from os import system", "import asyncio\nasyncio.create_subprocess_exec('a')"],
    "D03": ["import ctypes.util", "import mmap"],
    "D04": ["import pickle", "from marshal import loads"],
    "D05": ["exec('a')", "import importlib", "f = __import__"],
    "D06": ["import gc", "import sys\nsys.modules['a'] = 1", "import sys\nsys._getframe()", "f.__code__", "e.tb_frame"],
    "D07": ["import atexit", "import signal", "from weakref import finalize"],
    "D08": [
        "import threading",
        "from concurrent.futures import ThreadPoolExecutor",
        "@work(thread=True)\ndef f(): g()",
        "loop.run_in_executor(None, f)",
    ],
    "D09": ["import os\nos.environ['A']", "from pathlib import Path\nPath.home()", "import os\nos._exit(0)"],
    "D10": ["import warnings", "from unittest import mock"],
    "D11": ["exit()", "raise SystemExit(0)", "quit"],
    "D12": [
        "globals()",
        "__builtins__",
        "getattr(a, '__dict__')",
        "open(__file__)",
        "x = '{0.__globals__}'",
        "import a\ngetattr(a, 'b' + 'c')",
    ],
    "D13": ["input()", "breakpoint()"],
    "D14": ["observe('a', 1)", "f = observe_raises"],
    "D15": [
        "import pytest",
        "import solution",
        "from _pytest import runner",
        "import conftest",
        "def pytest_runtest_call(): f()",
    ],
    "D16": [
        "import a\na.b = 1",
        "import a\nsetattr(a, 'b', 1)",
        "import a\ndel a.b",
        "x.__class__ = A",
        "from a import C\nC.m = f",
    ],
    "D17": ["open('a')", "open('/x', 'w')", "p.write_text('a')", "p.read_text()", "p.open('r')", "p.unlink()"],
    "D18": ["class A:\n    def __del__(self): f()", "class A:\n    def __getattribute__(self, n): return f(n)"],
    "D19": [
        "class A:\n    def __eq__(self, other): return True",
        "class A:\n    def __ne__(self, other):\n        other\n        return False",
        "class A:\n    __eq__ = f",
    ],
}
HARMLESS = {
    "D01": ["import io", "from a import socket_count\nsocket_count", "import html"],
    "D02": ["a.system('x')", "system = 1", "import asyncio\nasyncio.sleep(0)"],
    "D03": ["import struct"],
    "D04": ["import json\njson.loads('1')"],
    "D05": ["import re\nre.compile('a')", "a.exec()"],
    "D06": ["import sys\nsys.maxsize", "type(self).__name__", "f.__wrapped__", "f.__doc__"],
    "D07": ["import weakref\nweakref.ref(a)", "a.signal"],
    "D08": ["@work(thread=False)\ndef f(): g()", "@work\nasync def f(): g()", "import asyncio\nasyncio.gather()"],
    "D09": ["import os.path\nos.path.join('a', 'b')", "from pathlib import Path\nPath('a') / 'b'"],
    "D10": ["a.warnings"],
    "D11": ["self.exit(1)", "app.exit()"],
    "D12": ["getattr(a, 'b')", "getattr(a, name)", "vars(a)", "x = '__name__'"],
    "D13": ["class A(Input): pass", "a.input"],
    "D14": ["self.observe(1)", "observer = 1"],
    "D15": ["def test_pytest(): f()", "a.pytest"],
    "D16": ["self.b = 1", "a = A()\na.b = 1", "setattr(self, 'b', 1)"],
    "D17": ["dialog.open()", "import tempfile\nopen('a', 'w')", "p.name", "import io\nio.StringIO().write('a')"],
    "D18": ["class A:\n    def __getattr__(self, n): return f(n)"],
    "D19": [
        "class A:\n    def __eq__(self, other): return isinstance(other, A) and self.x == other.x",
        "class A:\n    def __lt__(self, other):\n        return self.x < other.x",
    ],
}


@pytest.mark.parametrize(("rule", "source"), [(rule, source) for rule, sources in CASES.items() for source in sources])
def test_a_rule_catches(rule: str, source: str) -> None:
    assert rule in rules(source)


@pytest.mark.parametrize(
    ("rule", "source"), [(rule, source) for rule, sources in HARMLESS.items() for source in sources]
)
def test_a_rule_lets_pass(rule: str, source: str) -> None:
    assert rules(source) == set()


def test_every_rule_is_tested_in_both_directions() -> None:
    assert set(CASES) == set(HARMLESS) == {f"D{n:02}" for n in range(1, 20)}


def test_a_test_module_may_use_the_public_face_of_pytest_only() -> None:
    fair = (
        "import pytest\nfrom solution import f\nasync def test_a():\n    with pytest.raises(ValueError):\n        f()\n"
    )
    assert rules(fair + "    assert f() == pytest.approx(1)", is_test=True) == set()
    for unfair in ("pytest.skip()", "pytest.main()", "pytest.mark.xfail", "pytest.fixture"):
        assert "D15" in rules(f"import pytest\n{unfair}", is_test=True)
    assert "D15" in rules("from pytest import skip", is_test=True)
    assert "D16" in rules("import solution\nsolution.f = print", is_test=True)


def test_bandit_is_asked_and_cannot_be_silenced() -> None:
    source = "import hashlib\n\n\ndef f(a):\n    return hashlib.md5(a).hexdigest()  # nosec\n"
    assert [finding.split(": ")[:2] for finding in bandit_findings({"solution.py": source})] == [
        ["solution.py:5", "B324"]
    ]
    assert bandit_findings({"solution.py": source.replace("md5(a)", "sha256(a)")}) == []


def test_plain_assertions_are_no_finding() -> None:
    assert bandit_findings({"test_solution.py": "def test_a():\n    assert 1 == 1\n"}) == []


async def test_the_gate_joins_both_readers(route: Planted) -> None:
    source = "import hashlib\nimport socket\nhashlib.md5(b'x')\n"
    receipt = await SecurityGate().examine(trial(route, solution=source))
    assert receipt.verdict is GateVerdict.FAILED
    assert "D01" in str(receipt.evidence["problems"]) and "B324" in str(receipt.evidence["problems"])


async def test_tests_are_looked_at_too(route: Planted) -> None:
    receipt = await SecurityGate().examine(trial(route, tests="import gc\ngc.collect()"))
    assert receipt.verdict is GateVerdict.FAILED
    assert str(receipt.evidence["reason"]).startswith("test_solution.py:1: D06")


BANDIT = {
    "B102": ("exec(a)", "print(a)"),
    "B103": ("import os\nos.chmod(a, 0o777)", "import os\nos.chmod(a, 0o600)"),
    "B104": ("host = '0.0.0.0'", "host = '127.0.0.1'"),
    "B108": ("path = '/tmp/a'", "path = 'a'"),
    "B202": ("import tarfile\ntarfile.open(a).extractall()", "import tarfile\ntarfile.open(a).getnames()"),
    "B301": ("import pickle\npickle.loads(a)", "import json\njson.loads(a)"),
    "B302": ("import marshal\nmarshal.loads(a)", "import json\njson.load(a)"),
    "B306": ("import tempfile\ntempfile.mktemp()", "import tempfile\ntempfile.mkstemp()"),
    "B307": ("eval(a)", "import ast\nast.literal_eval(a)"),
    "B310": ("import urllib.request\nurllib.request.urlopen(a)", "import urllib.parse\nurllib.parse.urlparse(a)"),
    "B314": ("import xml.etree.ElementTree as e\ne.fromstring(a)", "import xml.etree.ElementTree as e\ne.Element(a)"),
    "B323": ("import ssl\nssl._create_unverified_context()", "import ssl\nssl.create_default_context()"),
    "B324": ("import hashlib\nhashlib.sha1(a)", "import hashlib\nhashlib.sha256(a)"),
    "B501": (
        "import requests\nrequests.get(a, verify=False, timeout=1)",
        "import requests\nrequests.get(a, timeout=1)",
    ),
    "B506": ("import yaml\nyaml.load(a)", "import yaml\nyaml.safe_load(a)"),
    "B602": ("import subprocess\nsubprocess.Popen(a, shell=True)", "import subprocess\nsubprocess.Popen([a])"),
    "B608": ("q = 'SELECT a FROM b WHERE c = ' + a", "q = 'SELECT a FROM b WHERE c = ?'"),
}
"""Rule of bandit, a snippet that it must refuse, and one near it that it must let pass."""


def test_rules_of_bandit_in_both_directions() -> None:
    bad = bandit_findings({f"{rule.lower()}.py": f"{pair[0]}\n" for rule, pair in BANDIT.items()})
    assert {rule for rule in BANDIT if any(f"{rule.lower()}.py" in one and f": {rule}:" in one for one in bad)} == set(
        BANDIT
    )
    assert bandit_findings({f"{rule.lower()}.py": f"{pair[1]}\n" for rule, pair in BANDIT.items()}) == []
