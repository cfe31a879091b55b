"""Real workers of every backend: what batteries and pytest runs report, and what happens to runs that misbehave."""

from __future__ import annotations

import asyncio

import pytest

from dreamer_app.core.errors import WorkerLostError
from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import BatteryJob, PytestJob, Variant
from tests.sandbox.conftest import Workplace
from tests.sandbox.runs import observed, outcome, run, until_running


@pytest.fixture
def workplace(either_workplace: Workplace) -> Workplace:
    """The contract of every backend."""
    return either_workplace


ADD = "def add(a, b):\n    if a > 1000:\n        return 0\n    return a + b\n"
TESTS = """
import asyncio
import pytest
from solution import add

def test_plain():
    observe("a1", add(1, 2))
    observe("a2", [add(n, n) for n in range(3)])

@pytest.mark.asyncio
async def test_async():
    await asyncio.sleep(0)
    observe("b1", add("x", "y") if False else "xy")

def test_raises():
    with observe_raises("c1"):
        add(1, "x")

def test_fails():
    observe("d1", 1)
    assert add(1, 1) == 3, "not three"
"""
NAMES = ("test_plain", "test_async", "test_raises", "test_fails")


async def test_a_battery_reports_what_every_test_did(workplace: Workplace, sandbox: DockerSandbox) -> None:
    job = BatteryJob(solution=ADD, tests=TESTS, test_names=(*NAMES, "test_absent"), variants=(Variant(id="v"),))
    async with sandbox.worker(workplace.environment, "dream") as worker:
        assert worker.name.startswith("dreamer-worker-")
        (result,) = (await worker.battery(job)).variants
    assert (result.status, result.error, result.coverage) == ("finished", None, None)
    assert result.tests["test_plain"].values == {
        "a1": (["int", "3"],),
        "a2": (["list", [["int", "0"], ["int", "2"], ["int", "4"]]],),
    }
    assert result.tests["test_async"].values == {"b1": (["str", "xy"],)}
    assert decode(result.tests["test_raises"].values["c1"][0]).classes[:2] == ("TypeError", "Exception")
    assert result.tests["test_fails"].outcome == "raised"
    assert result.tests["test_fails"].error == "AssertionError: not three (test_solution.py:21)"
    assert result.tests["test_fails"].values == {"d1": (["int", "1"],)}
    assert result.tests["test_absent"].outcome == "not_run"
    assert 0 < result.cpu_seconds < 5


async def test_variants_differ_only_in_what_they_say(workplace: Workplace, sandbox: DockerSandbox) -> None:
    variants = (
        Variant(id="default"),
        Variant(id="wrong", solution="def add(a, b):\n    return 7\n"),
        Variant(id="order", test_names=("test_fails", "test_plain")),
        Variant(id="broken", solution="def add(:\n"),
        Variant(id="missing", solution="x = 1\n"),
        Variant(id="other tests", tests="def test_plain():\n    observe('z', 1)\n", test_names=("test_plain",)),
    )
    job = BatteryJob(solution=ADD, tests=TESTS, test_names=NAMES, variants=variants)
    async with sandbox.worker(workplace.environment, "dream") as worker:
        results = {result.id: result for result in (await worker.battery(job)).variants}
    assert list(results) == [variant.id for variant in variants]
    assert results["default"].tests["test_plain"].values["a1"] == (["int", "3"],)
    assert results["wrong"].tests["test_plain"].values["a1"] == (["int", "7"],)
    assert set(results["order"].tests) == {"test_fails", "test_plain"}
    assert results["broken"].status == "import_error"
    assert "SyntaxError" in str(results["broken"].error)
    assert "cannot import name 'add'" in str(results["missing"].error)
    assert {run.outcome for run in results["missing"].tests.values()} == {"not_run"}
    assert results["other tests"].tests["test_plain"].values == {"z": (["int", "1"],)}


async def test_coverage_counts_lines_and_branches(workplace: Workplace, sandbox: DockerSandbox) -> None:
    job = BatteryJob(solution=ADD, tests=TESTS, test_names=NAMES, variants=(Variant(id="c", coverage=True),))
    async with sandbox.worker(workplace.environment, "dream") as worker:
        (result,) = (await worker.battery(job)).variants
    assert result.coverage is not None
    assert result.coverage.statements == 4
    assert result.coverage.missing_lines == (3,)
    assert (result.coverage.branches, result.coverage.missing_branches) == (2, ((2, 3),))


async def test_fresh_interpreters_have_their_own_hash_seed(workplace: Workplace, sandbox: DockerSandbox) -> None:
    solution = "def order():\n    return list({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})\n"
    tests = (
        "import pytest\nfrom solution import order\n"
        "@pytest.mark.asyncio\nasync def test_it():\n    observe('a', order())\n"
    )
    seeds = (None, None, 1, 1, 2, 3)
    variants = tuple(Variant(id=str(number), hash_seed=seed) for number, seed in enumerate(seeds))
    job = BatteryJob(solution=solution, tests=tests, test_names=("test_it",), variants=variants)
    async with sandbox.worker(workplace.environment, "dream") as worker:
        orders = [str(observed(result)) for result in (await worker.battery(job)).variants]
    assert orders[0] == orders[1]
    assert orders[2] == orders[3]
    assert len({orders[2], orders[4], orders[5]}) > 1


async def test_a_fresh_interpreter_brings_the_real_pytest_when_its_marks_do_not_do(
    workplace: Workplace, sandbox: DockerSandbox
) -> None:
    body = (
        "import pytest\nwith pytest.raises(KeyError, match='x'):\n    {}['x']\nobserve('a', pytest.approx(1.0) == 1.0)"
    )
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, ADD, body, hash_seed=5)
    assert (result.status, result.tests["test_it"].error, observed(result)) == ("finished", None, True)


async def test_the_clock_zone_and_variables_of_a_variant(workplace: Workplace, sandbox: DockerSandbox) -> None:
    body = """
import os, time, datetime
from datetime import datetime as imported, date
from time import time as imported_time
days = 86400
observe("years", [time.gmtime().tm_year, imported.now().year, imported.utcnow().year, date.today().year,
                  time.gmtime(imported_time()).tm_year, imported.now(datetime.timezone.utc).year,
                  int(time.strftime("%Y")), time.gmtime(time.time_ns() // 10**9).tm_year])
observe("kind", [type(imported.now()) is imported, isinstance(date.today(), date)])
observe("zone", time.localtime(0).tm_hour)
observe("variable", os.environ["DREAM"])
observe("epoch", imported.fromtimestamp(0, datetime.timezone.utc).year)
"""
    options = {"clock_offset": -20 * 365.25 * 86400, "environment": {"TZ": "Asia/Tokyo", "DREAM": "x"}}
    for seed in (None, 3):
        async with sandbox.worker(workplace.environment, "dream") as worker:
            result = await run(worker, "import datetime, time\n", body, hash_seed=seed, **options)
        assert result.tests["test_it"].error is None
        years = observed(result, "years")
        assert isinstance(years, list)
        assert len(set(years)) == 1
        assert years[0] < 2020
        assert observed(result, "kind") == [True, True]
        assert (observed(result, "zone"), observed(result, "variable"), observed(result, "epoch")) == (9, "x", 1970)


async def test_tracebacks_inspection_and_files_see_the_sources(workplace: Workplace, sandbox: DockerSandbox) -> None:
    solution = (
        "import inspect\nfrom pathlib import Path\nhere = Path(__file__)\n"
        "def f():\n    return inspect.getsource(f), here.name, here.with_name('data.txt').read_text()\n"
    )
    job = BatteryJob(
        solution=solution,
        tests="from solution import f\ndef test_it():\n    observe('a', f())\n",
        test_names=("test_it",),
        files={"data.txt": "żółw\n"},
        variants=(Variant(id="v"),),
    )
    async with sandbox.worker(workplace.environment, "dream") as worker:
        (result,) = (await worker.battery(job)).variants
    source, name, content = observed(result)  # type: ignore[misc]
    assert source.startswith("def f():")
    assert (name, content) == ("solution.py", "żółw\n")


async def test_nothing_of_one_variant_reaches_the_next(workplace: Workplace, sandbox: DockerSandbox) -> None:
    leave = """
import os, subprocess, sys
for folder in ("/job", "/tmp", "/dev/shm"):
    os.makedirs(folder + "/a/b")
    open(folder + "/left", "w").close()
again = "import time\\nwhile True:\\n open('/tmp/again','w').close(); time.sleep(.001)"
subprocess.Popen([sys.executable, "-c", again], start_new_session=True)
import builtins
builtins.left = 1
observe("a", 1)
"""
    look = """
import os, builtins
folders = [os.listdir(folder) for folder in ("/job", "/tmp", "/dev/shm")]
observe("a", [folders, hasattr(builtins, "left"), sorted(int(name) for name in os.listdir("/proc") if name.isdigit())])
"""
    indented = {
        key: "".join(f"    {line}\n" for line in body.splitlines()) for key, body in (("l", leave), ("k", look))
    }
    variants = tuple(Variant(id=f"{n}", tests=f"def test_it():\n{indented[kind]}") for n, kind in enumerate("lklk"))
    job = BatteryJob(solution="", tests="", test_names=("test_it",), variants=variants)
    async with sandbox.worker(workplace.environment, "dream") as worker:
        results = (await worker.battery(job)).variants
        name = worker.name
        again = await run(worker, "", look)
        assert worker.name == name
    for result in (results[1], results[3], again):
        folders, left, processes = observed(result)  # type: ignore[misc]
        assert folders == [[], [], []]
        assert left is False
        assert processes[0] == 1
        assert len(processes) == 3  # supervisor, zygote, the run itself


async def test_a_timeout_kills_grandchildren_that_ignore_every_signal(
    workplace: Workplace, sandbox: DockerSandbox
) -> None:
    body = """
import os, signal, time
for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(0.01)
while True:
    pass
"""
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, "", body, wall=0.5)
        assert result.status == "timeout"
        after = await run(worker, "", "import os\nobserve('a', len([p for p in os.listdir('/proc') if p.isdigit()]))")
    assert observed(after) == 3


KILL = "import os, signal, time\nos.kill(os.getppid(), signal.{})\ntime.sleep(9)"
WRITE = """
import os
again = True
while again:
    again = {}
    for fd in range(3, 99):
        try:
            os.write(fd, {})
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("import os\nos._exit(0)", "ended early with exit status 0"),
        ("import os\nos.abort()", "signal 6"),
        ("import ctypes\nctypes.string_at(0)", "signal 11"),
        (KILL.format("SIGKILL"), "interpreter"),
        (KILL.format("SIGSTOP"), "interpreter"),
        (WRITE.format(False, "b'{}\\n'"), "broken"),
        (WRITE.format(True, "b'x' * 65536"), ""),
    ],
)
async def test_a_run_that_breaks_out_of_its_report_is_crashed_and_the_next_run_is_sound(
    workplace: Workplace, sandbox: DockerSandbox, body: str, error: str
) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, "", body, wall=3)
        assert result.status == "crashed"
        assert error in str(result.error)
        after = await run(worker, "", "observe('a', 1)")
    assert (after.status, observed(after)) == ("finished", 1)


async def test_a_run_that_only_its_own_children_keep_busy_is_timed_out(
    workplace: Workplace, sandbox: DockerSandbox
) -> None:
    body = "import os\nfor _ in range(8):\n    if os.fork() == 0:\n        break\nwhile True: pass"
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, "", body, wall=2)
    assert result.status == "timeout"


async def test_a_system_exit_is_an_exception_like_any_other(workplace: Workplace, sandbox: DockerSandbox) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, "", "raise SystemExit(0)")
    assert (result.status, result.tests["test_it"].outcome) == ("finished", "raised")


async def test_a_worker_that_a_job_left_unclean_is_replaced(workplace: Workplace, sandbox: DockerSandbox) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        first = worker.name
        await run(worker, "", "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(9)")
        await run(worker, "", "observe('a', 1)")
        assert worker.name != first


async def test_a_worker_is_never_used_after_it_was_given_back(workplace: Workplace, sandbox: DockerSandbox) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        name = worker.name
    with pytest.raises(WorkerLostError):
        await run(worker, "", "observe('a', 1)")
    async with sandbox.worker(workplace.environment, "dream") as other:
        assert other.name != name


async def test_a_plain_pytest_run_reports_its_events(workplace: Workplace, sandbox: DockerSandbox) -> None:
    tests = (
        "import pytest, warnings\nfrom solution import add\n"
        "def test_good():\n    assert add(1, 2) == 3\n"
        "def test_bad():\n    assert add(1, 2) == 4\n"
        "@pytest.mark.asyncio\nasync def test_async():\n    warnings.warn('careful')\n    assert add(1, 1) == 2\n"
        "@pytest.mark.skip\ndef test_skipped():\n    pass\n"
    )
    job = PytestJob(files={"solution.py": ADD, "test_solution.py": tests, "conftest.py": "raise SystemExit(3)"})
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await worker.pytest(job)
        again = await worker.pytest(job)
    assert (result.status, result.exit_code, result.dropped) == ("exited", 1, False)
    assert [event.n for event in result.events] == list(range(len(result.events)))
    assert result.events[0].kind == "collected"
    assert result.events[0].fields["ids"] == [
        f"test_solution.py::test_{name}" for name in ("good", "bad", "async", "skipped")
    ]
    calls = {
        event.fields["id"]: event.fields["outcome"] for event in result.events if event.fields.get("when") == "call"
    }
    assert list(calls.values()) == ["passed", "failed", "passed"]
    assert any(event.kind == "warning" and "careful" in str(event.fields) for event in result.events)
    assert (result.events[-1].kind, result.events[-1].fields) == ("end", {"status": 1})
    assert "1 failed, 2 passed, 1 skipped" in result.output
    assert [event.kind for event in again.events] == [event.kind for event in result.events]


async def test_a_pytest_run_is_cut_off_in_time_and_in_output(workplace: Workplace, sandbox: DockerSandbox) -> None:
    def job(body: str) -> PytestJob:
        return PytestJob(
            files={"solution.py": "", "test_solution.py": f"def test_it():\n    {body}\n"}, wall=2, arguments=("-s",)
        )

    async with sandbox.worker(workplace.environment, "dream") as worker:
        hung = await worker.pytest(job("while True: pass"))
        loud = await worker.pytest(job("import os\n    while True: os.write(1, b'x' * 65536)"))
        printed = await worker.pytest(job("print('y' * 10**6); assert False"))
        killed = await worker.pytest(job("import os; os._exit(0)"))
    assert (hung.status, hung.exit_code) == ("timeout", None)
    assert loud.status in ("crashed", "timeout")
    assert printed.dropped
    assert len(printed.output) <= 64 << 10
    assert (killed.status, killed.exit_code) == ("exited", 0)
    assert "end" not in {event.kind for event in killed.events}


async def test_the_host_gives_up_a_worker_that_vanishes(workplace: Workplace, sandbox: DockerSandbox) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        async with asyncio.TaskGroup() as group:
            job = group.create_task(outcome(worker))
            await until_running(sandbox, worker.name)
            await asyncio.to_thread(sandbox.launcher.kill, worker.name)
        assert isinstance(job.result(), WorkerLostError)
