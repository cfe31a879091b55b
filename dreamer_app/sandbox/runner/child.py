"""One run: executes a blind test module against a solution, or plain pytest over real files.

Everything here shares its process with dreamt code and may be lied to, patched or killed by it; nothing that it reports
is trusted. Sources are executed from memory, so that a run costs no disk.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import importlib.util
import json
import linecache
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import canonical, wire

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

JOB = "/job"
MODULES = ("solution", "test_solution")


def prepare(job: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, Any]:
    """A variant with the job's defaults filled in."""
    run = dict(variant)
    for key in ("solution", "tests", "test_names"):
        if run.get(key) is None:
            run[key] = job[key]
    run["files"] = job.get("files") or {}
    return run


def main() -> None:
    """A fresh interpreter: takes its run from descriptor 0 and reports to the descriptor that the run names."""
    os.set_blocking(0, True)
    with open(0, "rb") as file:
        run = json.load(file)
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    sys.path.insert(0, run["deps"])
    run_variant(run, run["report"])


def start_fresh(run: dict[str, Any], report: int, deps: str) -> None:
    """Replace this process by a fresh interpreter with the run's hash seed."""
    payload = os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o600)
    wire.write_all(payload, json.dumps({**run, "report": report, "deps": deps}).encode())
    os.lseek(payload, 0, os.SEEK_SET)
    os.dup2(payload, 0)
    os.set_inheritable(report, True)
    environment = {**os.environ, **run["environment"], "PYTHONHASHSEED": str(run["hash_seed"])}
    os.execve(sys.executable, [sys.executable, "-s", "-P", "-B", sys.argv[0], "child"], environment)


def run_variant(run: Mapping[str, Any], report: int) -> None:
    """Import the tests, run them in order, report each, and end the process."""
    Run(run, report).execute()
    os._exit(0)


class Run:
    """One run of a blind test module."""

    def __init__(self, run: Mapping[str, Any], report: int) -> None:
        self.run = run
        self.report = report
        self.values: dict[str, list[Any]] = {}

    def execute(self) -> None:
        """The whole run."""
        self.surroundings()
        coverage = self.start_coverage() if self.run["coverage"] else None
        gc.disable()  # a fresh interpreter imports its libraries here, see the zygote's `settle`
        module = self.load()
        gc.freeze()
        gc.enable()
        if module is not None:
            for name in self.run["test_names"]:
                self.test(module, name)
        if coverage is not None:
            self.stop_coverage(coverage)
        self.say({"t": "end"})

    def say(self, record: dict[str, Any]) -> None:
        """One line to the zygote."""
        wire.write_all(self.report, json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n")

    def surroundings(self) -> None:
        """Folder, files, variables, clock, builtins, importable sources."""
        os.chdir(JOB)
        files = dict(self.run["files"])
        if self.run["coverage"]:
            files["solution.py"] = self.run["solution"]
        write_files(files)
        if self.run["environment"]:
            os.environ.update(self.run["environment"])
            time.tzset()
        if self.run["clock_offset"]:
            from . import clock

            clock.shift(self.run["clock_offset"])
        numpy_random = sys.modules.get("numpy.random")
        if numpy_random is not None:
            numpy_random.seed()
        builtins.observe = self.observe  # type: ignore[attr-defined]
        builtins.observe_raises = self.observe_raises  # type: ignore[attr-defined]
        if "pytest" not in sys.modules:
            sys.modules["pytest"] = importlib.import_module("._marks", __package__)
        sys.path.insert(0, JOB)
        sources = dict(zip(MODULES, (self.run["solution"], self.run["tests"]), strict=True))
        sys.meta_path.insert(0, MemoryFinder(sources))

    def observe(self, key: str, value: object) -> None:
        """Record a value; a builtin of the test module."""
        self.values.setdefault(str(key), []).append(canonical.encode(value))

    @contextmanager
    def observe_raises(self, key: str) -> Iterator[None]:
        """Swallow and record an exception; a builtin of the test module."""
        try:
            yield
        except BaseException as error:
            self.values.setdefault(str(key), []).append(canonical.raised(error))
        else:
            self.values.setdefault(str(key), []).append(["none"])

    def load(self) -> ModuleType | None:
        """Import the test module, which imports the solution."""
        try:
            return importlib.import_module("test_solution")
        except BaseException as error:
            self.say({"t": "import_error", "error": describe(error)})
            return None

    def test(self, module: ModuleType, name: str) -> None:
        """Run one test to its end or to its first exception."""
        self.values = {}
        outcome: str = "finished"
        error: str | None = None
        function: Callable[[], Any] | None = getattr(module, name, None)
        if function is None:
            outcome, error = "not_run", "there is no such test"
        else:
            try:
                result = function()
                if hasattr(result, "__await__"):
                    import asyncio

                    asyncio.run(result)
            except BaseException as caught:
                outcome, error = "raised", describe(caught)
        self.say({"t": "test", "name": name, "outcome": outcome, "error": error, "values": self.values})

    def start_coverage(self) -> Any:
        """Measure branch coverage of the solution from here on."""
        import coverage

        measurement = coverage.Coverage(
            data_file=None, branch=True, include=[f"{JOB}/solution.py"], config_file=False, messages=False
        )
        measurement.start()
        return measurement

    def stop_coverage(self, measurement: Any) -> None:
        """Report what was covered; silent when it could not be measured."""
        try:
            measurement.stop()
            path = f"{JOB}/solution.py"
            measurement.json_report(morfs=[path], outfile="/tmp/.coverage.json")
            with open("/tmp/.coverage.json", encoding="utf-8") as file:
                (entry,) = json.load(file)["files"].values()
            self.say(
                {
                    "t": "coverage",
                    "statements": entry["summary"]["num_statements"],
                    "missing_lines": entry["missing_lines"],
                    "branches": entry["summary"]["num_branches"],
                    "missing_branches": entry["missing_branches"],
                }
            )
        except Exception:
            return


class MemoryFinder:
    """Imports modules from sources in memory, with the names of files that need not exist.

    It has no base class because `importlib.abc` would cost a fresh interpreter 24 ms.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """A spec for our modules only."""
        if fullname not in self.sources:
            return None
        loader: Any = self
        return importlib.util.spec_from_file_location(fullname, f"{JOB}/{fullname}.py", loader=loader)

    def create_module(self, _spec: ModuleSpec) -> None:
        """The usual kind of module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the source in the module."""
        exec(self.get_code(module.__name__), vars(module))  # what a worker is for

    def get_source(self, fullname: str) -> str:
        """The source, also for tracebacks and `inspect`."""
        return self.sources[fullname]

    def get_code(self, fullname: str) -> CodeType:
        """The compiled source."""
        source, file = self.sources[fullname], f"{JOB}/{fullname}.py"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        return compile(source, file, "exec", dont_inherit=True)

    def is_package(self, _fullname: str) -> bool:
        """Never."""
        return False


def describe(error: BaseException) -> str:
    """`ExceptionType: message (file.py:line)` with the last line in test or solution."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(JOB + "/"):
            where = f" ({name[len(JOB) + 1 :]}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{canonical.text(type(error).__name__)}: {canonical.text(error)[:500]}{where}"


def write_files(files: Mapping[str, str]) -> None:
    """Write flat text files into the job folder."""
    for name, content in files.items():
        with open(os.path.join(JOB, os.path.basename(name)), "w", encoding="utf-8", newline="") as file:
            file.write(content)


def has_coroutines(message: Mapping[str, Any]) -> bool:
    """Whether the tests of a job may be coroutines; a word in a text is no harm."""
    sources = message["files"].values() if message["type"] == "pytest" else (message["tests"],)
    return any("async " in source for source in sources)


def run_pytest(job: Mapping[str, Any], events: int, output: int) -> None:
    """Run plain pytest as a user would and end the process with its exit code."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(JOB)
    write_files(job["files"])
    import pytest

    from . import pytest_events

    arguments = ["-p", "no:cacheprovider", "--noconftest", "-c", "/dev/null", "--rootdir", JOB, "--import-mode=prepend"]
    stream = pytest_events.EventStream(events)
    plugins: list[object] = [stream]
    if has_coroutines(job) and importlib.util.find_spec("pytest_asyncio") is not None:
        plugins.append(importlib.import_module("pytest_asyncio.plugin"))
        arguments += ["-o", "asyncio_default_fixture_loop_scope=function"]
    code = int(pytest.main([*arguments, *job["arguments"]], plugins=plugins))
    stream.end(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
