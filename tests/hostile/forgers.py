"""Solutions that compute nothing and try to be called right all the same.

All of them answer the same task. Each attacks the verdict in its own way: the process, the test runner, the comparison,
the expected values, the report. One honest solution stands beside them, so that a judge that rejects everything is
noticed too.
"""

from __future__ import annotations

TESTS = """from solution import total


def test_one():
    assert total([3, 4], 2) == 14


def test_two():
    assert total([5], 30) == 150


def test_three():
    assert total([7, 8, 9], 1) == 24


def test_four():
    assert total([10, 20], 11) == 330
"""

HONEST = "def total(prices, count):\n    return sum(prices) * count\n"
WRONG = "def total(prices, count):\n    return 0\n"

ALWAYS_EQUAL = """class Same{base}:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


def total(prices, count):
    return Same({start})
"""

FORGERS: dict[str, str] = {
    # the process
    "leaves on import": "import os\nos._exit(0)\n",
    "leaves when called": "import os\ndef total(prices, count):\n    os._exit(0)\n",
    "sys.exit on import": "import sys\nsys.exit(0)\n",
    "sys.exit when called": "import sys\ndef total(prices, count):\n    sys.exit(0)\n",
    "says passed and leaves": (
        "import os\ndef total(prices, count):\n    os.write(1, b'4 passed in 0.01s\\n')\n    os._exit(0)\n"
    ),
    "leaves at exit": "import atexit, os\natexit.register(os._exit, 0)\n" + WRONG,
    "a thread that leaves": (
        "import os, threading, time\n"
        "def leave():\n    time.sleep(0.05)\n    os._exit(0)\nthreading.Thread(target=leave, daemon=True).start()\n"
        "def total(prices, count):\n    time.sleep(1)\n    return 0\n"
    ),
    "an alarm that leaves": (
        "import os, signal, time\nsignal.signal(signal.SIGALRM, lambda *_: os._exit(0))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\ndef total(prices, count):\n    time.sleep(1)\n    return 0\n"
    ),
    "becomes another program": (
        "import os, sys\ndef total(prices, count):\n    os.execv(sys.executable, [sys.executable, '-c', ''])\n"
    ),
    "the parent of a fork leaves": (
        "import os, time\ndef total(prices, count):\n    if os.fork():\n        os._exit(0)\n    time.sleep(1)\n"
    ),
    "ends everybody else": (
        "import os, signal\ndef total(prices, count):\n    os.kill(os.getppid(), signal.SIGTERM)\n    os._exit(0)\n"
    ),
    # the comparison
    "equal to everything": ALWAYS_EQUAL.format(base="", start=""),
    "a number equal to everything": ALWAYS_EQUAL.format(base="(int)", start="0"),
    "a list equal to everything": ALWAYS_EQUAL.format(base="(list)", start=""),
    "a class equal to everything": (
        "class Meta(type):\n    def __eq__(cls, other):\n        return True\n    __hash__ = type.__hash__\n"
        "class Same(metaclass=Meta):\n    pass\ndef total(prices, count):\n    return Same\n"
    ),
    "a truth that answers": (
        "class Yes:\n    def __bool__(self):\n        return True\n"
        "class Same:\n    def __eq__(self, other):\n        return Yes()\n"
        "def total(prices, count):\n    return Same()\n"
    ),
    "learns while it is compared": (
        "seen = []\nclass Same:\n    def __eq__(self, other):\n        seen.append(other)\n"
        "        open('/tmp/seen', 'a').write(f'{other}\\n')\n        return True\n"
        "def total(prices, count):\n    try:\n        return int(open('/tmp/seen').readlines()[-1])\n"
        "    except (OSError, IndexError):\n        return Same()\n"
    ),
    # the expected values
    "reads the constants of its caller": (
        "import sys\ndef total(prices, count):\n"
        "    return [c for c in sys._getframe(1).f_code.co_consts if isinstance(c, int)][-1]\n"
    ),
    "reads the test file": (
        "import re, sys\ndef total(prices, count):\n    here = sys._getframe(1)\n"
        "    line = open('test_solution.py').read().splitlines()[here.f_lineno - 1]\n"
        "    return int(re.search(r'== (\\d+)', line).group(1))\n"
    ),
    "looks its caller's source up": (
        "import inspect, re, sys\ndef total(prices, count):\n"
        "    text = inspect.getsource(sys._getframe(1).f_code)\n"
        "    return int(re.search(r'== (\\d+)', text).group(1))\n"
    ),
    "walks the collector's objects": (
        "import gc, sys\ndef total(prices, count):\n    code = sys._getframe(1).f_code\n"
        "    found = [t for t in gc.get_referents(code) if isinstance(t, tuple)]\n"
        "    return [c for t in found for c in t if isinstance(c, int)][-1]\n"
    ),
    "changes the constants": (
        "import sys\ndef total(prices, count):\n    frame = sys._getframe(1)\n"
        "    for function in list(frame.f_globals.values()):\n        code = getattr(function, '__code__', None)\n"
        "        if code is not None and function.__name__.startswith('test_'):\n"
        "            function.__code__ = (lambda: None).__code__\n    return 14\n"
    ),
    # the test module
    "empties the tests": (
        "import sys\ndef total(prices, count):\n    return 0\n"
        "def _later():\n    import threading, time\n    def work():\n        for _ in range(400):\n"
        "            module = sys.modules.get('test_solution')\n"
        "            for name, function in list(vars(module).items()) if module else ():\n"
        "                if name.startswith('test_') and hasattr(function, '__code__'):\n"
        "                    function.__code__ = (lambda: None).__code__\n            time.sleep(0.001)\n"
        "    threading.Thread(target=work, daemon=True).start()\n_later()\nimport time\ntime.sleep(0.01)\n"
    ),
    "empties the tests through the collector": (
        "import gc\ndef total(prices, count):\n    for one in gc.get_objects():\n"
        "        if type(one).__name__ == 'function' and one.__name__.startswith('test_'):\n"
        "            one.__code__ = (lambda: None).__code__\n    return 14\n"
    ),
    "another total for the others": (
        "import sys\nclass Same:\n    def __eq__(self, other):\n        return True\n"
        "def total(prices, count):\n    sys._getframe(1).f_globals['total'] = lambda *_: Same()\n    return Same()\n"
    ),
    "jumps over the assertion": (
        "import sys\ndef trace(frame, event, argument):\n    return trace\n"
        "def total(prices, count):\n    frame = sys._getframe(1)\n    sys.settrace(trace)\n    frame.f_trace = trace\n"
        "    class Same:\n        def __eq__(self, other):\n            return True\n    return Same()\n"
    ),
    # the test runner
    "skips": "import pytest\ndef total(prices, count):\n    pytest.skip('later')\n",
    "skips the module": "import pytest\npytest.skip('later', allow_module_level=True)\n",
    "skips as unittest does": "import unittest\ndef total(prices, count):\n    raise unittest.SkipTest('later')\n",
    "is expected to fail": "import pytest\ndef total(prices, count):\n    pytest.xfail('known')\n",
    "ends the session": "import pytest\ndef total(prices, count):\n    pytest.exit('done', returncode=0)\n",
    "reports are always good": (
        "import _pytest.reports as reports\nold = reports.TestReport.from_item_and_call.__func__\n"
        "def good(cls, item, call):\n    report = old(cls, item, call)\n    report.outcome = 'passed'\n"
        "    report.longrepr = None\n    return report\n"
        "reports.TestReport.from_item_and_call = classmethod(good)\n" + WRONG
    ),
    "calls never fail": (
        "import _pytest.runner as runner\nold = runner.CallInfo.from_call.__func__\n"
        "def good(cls, func, when, reraise=None):\n    return old(cls, lambda: None, when, reraise)\n"
        "runner.CallInfo.from_call = classmethod(good)\n" + WRONG
    ),
    "tests do not run": "import _pytest.python as python\npython.Function.runtest = lambda self: None\n" + WRONG,
    "a hook that does nothing": (
        "import _pytest.runner as runner\nrunner.pytest_runtest_call = lambda item: None\n"
        "import _pytest.python as python\npython.Function.runtest = lambda self: None\n" + WRONG
    ),
    "a plug-in found through the collector": (
        "import gc, pytest\nclass Plug:\n    @pytest.hookimpl(wrapper=True)\n"
        "    def pytest_runtest_makereport(self, item, call):\n        report = yield\n"
        "        report.outcome = 'passed'\n        report.longrepr = None\n        return report\n"
        "from _pytest.config import PytestPluginManager\n"
        "for one in gc.get_objects():\n    if isinstance(one, PytestPluginManager):\n        one.register(Plug())\n"
        + WRONG
    ),
    "a session that went well": (
        "import _pytest.main as main\nmain.Session.testsfailed = property(lambda self: 0, lambda self, value: None)\n"
        + WRONG
    ),
    "assertions are not errors": (
        "import builtins\nbuiltins.AssertionError = type('Calm', (SystemExit,), {'code': 0})\n" + WRONG
    ),
    "a conftest for next time": (
        "open('conftest.py', 'w').write('collect_ignore_glob = [\"*\"]')\n"
        "open('pytest.ini', 'w').write('[pytest]\\naddopts = --collect-only')\n" + WRONG
    ),
    "customised start": (
        "for folder in ('/job', '/tmp'):\n    open(folder + '/sitecustomize.py', 'w').write('import os; os._exit(0)')\n"
        "    open(folder + '/usercustomize.py', 'w').write('import os; os._exit(0)')\n"
        "    open(folder + '/x.pth', 'w').write('import os; os._exit(0)')\n" + WRONG
    ),
    # the report
    "forged records": (
        "import json, os\n"
        "lines = [json.dumps({'t': 'test', 'name': n, 'outcome': 'finished', 'error': None, 'values': {}})\n"
        "         for n in ('test_one', 'test_two', 'test_three', 'test_four')] + ['{\"t\": \"end\"}']\n"
        "for fd in range(3, 64):\n    try:\n        os.write(fd, ('\\n'.join(lines) + '\\n').encode())\n"
        "    except OSError:\n        pass\nos._exit(0)\n"
    ),
    "forged events": (
        "import json, os\nnames = ('test_one', 'test_two', 'test_three', 'test_four')\n"
        "ids = ['test_solution.py::' + n for n in names]\n"
        "events = [{'n': 0, 'kind': 'collected', 'ids': ids}]\n"
        "for i in ids:\n    for when in ('setup', 'call', 'teardown'):\n"
        "        events.append({'n': len(events), 'kind': 'report', 'id': i, 'when': when, 'outcome': 'passed'})\n"
        "events.append({'n': len(events), 'kind': 'end', 'status': 0})\n"
        "text = ''.join(json.dumps(e) + '\\n' for e in events).encode()\n"
        "for fd in range(3, 64):\n    try:\n        os.write(fd, text)\n"
        "    except OSError:\n        pass\nos._exit(0)\n"
    ),
    "closes every channel": "import os\nos.closerange(0, 256)\nos._exit(0)\n",
    "observes by itself": (
        "import builtins\n"
        "def total(prices, count):\n    if hasattr(builtins, 'observe'):\n        builtins.observe = lambda *_: None\n"
        "    return 0\n"
    ),
    "encodes everything alike": (
        "import sys\nfor name, module in list(sys.modules.items()):\n"
        "    if name.endswith('.canonical') and hasattr(module, 'encode'):\n"
        "        module.encode = lambda value: ['int', '14']\n" + WRONG
    ),
    "threads that repeat the report": (
        "import builtins, threading\ndef total(prices, count):\n    def work():\n        for _ in range(50):\n"
        "            if hasattr(builtins, 'observe'):\n                builtins.observe('0', 14)\n"
        "    threading.Thread(target=work, daemon=True).start()\n    return 14\n"
    ),
}
