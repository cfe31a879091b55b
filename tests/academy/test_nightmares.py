"""Examples run in a child process here, as a worker's runner would run them, and in a real worker once."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from dreamer_app.academy.nightmares import examine
from dreamer_app.core.errors import WorkerLostError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import LibraryPin
from dreamer_app.oracle.model import Example, Statement
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, TestRun, VariantResult
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom

PIN = LibraryPin(name="statistics", version="1", import_names=("statistics",))
CHILD = """
import json, sys
source, out = sys.stdin.read(), {}
names = {"__name__": "test_solution"}
try:
    exec(compile(source, "test_solution.py", "exec"), names)
    names["test_example"]()
except BaseException as error:
    out = {"error": f"{type(error).__name__}: {str(error)[:500]} (test_solution.py:1)"}
print(json.dumps(out), file=sys.stderr)
"""


async def in_children(job: BatteryJob) -> BatteryResult:
    return BatteryResult(variants=tuple([await _child(variant.id, variant.tests or "") for variant in job.variants]))


async def _child(identifier: str, source: str) -> VariantResult:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, stdin=pipe, stdout=pipe, stderr=pipe)
    _, said = await child.communicate(source.encode())
    error = json.loads(said.decode().splitlines()[-1]).get("error")
    test = TestRun(outcome="raised" if error else "finished", error=error)
    return VariantResult(id=identifier, status="finished", tests={"test_example": test}, seconds=0.1, cpu_seconds=0.1)


def doctest(n: int, *statements: tuple[str, str], owner: str | None = None, setup: str = "") -> Example:
    told = tuple(Statement(source=source, want=want) for source, want in statements)
    code = "".join(one.source for one in told)
    return Example(
        key=f"example:{n:02}", library="statistics", form="doctest", code=code, statements=told, owner=owner,
        file="page.rst", line=n, setup=setup, headings=("Guide", f"Part {n}"),
    )  # fmt: skip


def fenced(n: int, code: str) -> Example:
    return Example(key=f"example:{n:02}", library="statistics", form="fenced", code=code, file="page.md", line=n)


EXAMPLES = (
    doctest(1, ("median([1, 3, 5])\n", "3\n"), owner="statistics.median"),
    doctest(2, ("import statistics\n", ""), ("x = [1, 2]\n", ""), ("y = 7\n", ""), ("statistics.mean(x)\n", "9\n")),
    doctest(3, ("import statistics\n", ""), ("statistics.mean([])\n", "Traceback (most recent call last):\n...\n"
            "statistics.StatisticsError: mean requires at least one data point\n")),
    doctest(4, ("[1].sort()\n", ""), ("object()\n", "<object object at 0x7f>\n")),
    doctest(5, ("import random, statistics\n", ""), ("random.random()\n", "0.5\n")),
    fenced(6, "import statistics\nstatistics.no_such_thing\n"),
    fenced(7, "from statistics import nothing_of_the_kind\n"),
    fenced(8, "import numpy_that_nobody_has\n"),
    fenced(9, "open('rows.csv')\n"),
    fenced(10, "print(my_rows)\n"),
    fenced(11, "from __future__ import annotations\nimport sys\n\ndef f(x: Undefined): ...\n\n"
           "if __name__ == '__main__':\n    sys.exit(0)\n"),
    doctest(12, ("z = 1\n", ""), ("z = z + 1\n", "")),
    doctest(13, ("z\n", "2\n"), setup="z = 1\n"),
)  # fmt: skip


@pytest.fixture(scope="module")
def examined():
    told: list[int] = []
    found, counts = asyncio.run(examine(EXAMPLES, PIN, in_children, told.append))
    return {one.key: one for one in found}, counts, told


def test_only_what_is_broken_for_everybody_is_a_nightmare(examined) -> None:
    found, counts, told = examined
    assert set(found) == {"example:02", "example:06", "example:07"}
    assert counts == {"held": 6, "broken": 3, "needs": 2, "fragment": 1, "varies": 1}
    assert told[-1] == len(EXAMPLES)


def test_a_nightmare_says_what_was_seen_and_shows_it_in_as_few_lines_as_it_takes(examined) -> None:
    found, _, _ = examined
    differs = found["example:02"]
    assert (differs.why, differs.place, differs.title) == ("differs", "page.rst:2", "Guide › Part 2")
    assert "'9'" in differs.error and "1.5" in differs.error
    assert differs.reproduction == "import statistics\nx = [1, 2]\nstatistics.mean(x)\n# documented: 9\n"
    assert found["example:06"].why == "raises" and "no_such_thing" in found["example:06"].error


async def test_one_example_that_takes_the_worker_along_is_blamed_alone() -> None:
    async def run(job: BatteryJob) -> BatteryResult:
        if any(variant.id == "example:06" for variant in job.variants):
            raise WorkerLostError("The worker is gone", "It ended.")
        return await in_children(job)

    found, counts = await examine((EXAMPLES[0], EXAMPLES[5], EXAMPLES[6]), PIN, run, lambda _: None)
    assert {one.key: one.why for one in found} == {"example:06": "crashes", "example:07": "raises"}
    assert counts["held"] == 1


@pytest_asyncio.fixture(loop_scope="function")
async def loom(paths: DataPaths) -> AsyncIterator[WorkerLoom]:
    from tests.sandbox.conftest import own_sandbox

    async with own_sandbox(paths, favoured=False) as sandbox, WorkerLoom(sandbox, ()) as lent:
        yield lent


@pytest.mark.docker
@pytest.mark.network
async def test_a_real_worker_finds_the_same(examined, loom: WorkerLoom) -> None:
    found, counts = await examine(EXAMPLES, PIN, loom.battery, lambda _: None)
    assert {one.key: one.reproduction for one in found} == {key: one.reproduction for key, one in examined[0].items()}
    assert counts == examined[1]
