"""The hostile corpus against real workers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.runner_files import install_runner
from dreamer_app.sandbox.jobs import BatteryJob, PytestJob, Variant, VariantResult
from dreamer_app.sandbox.sandbox import Worker
from tests.hostile.forgers import FORGERS
from tests.hostile.program import Program
from tests.hostile.programs import PROGRAMS
from tests.sandbox.conftest import Workplace

pytestmark = pytest.mark.docker

SOUND = """
import os
processes = len([name for name in os.listdir("/proc") if name.isdigit()])
observe("broken", [os.listdir(folder) for folder in ("/job", "/tmp", "/dev/shm")] + [processes])
"""


FEWEST = 90


def test_the_corpus_is_as_large_as_said() -> None:
    names = [program.name for program in PROGRAMS]
    assert len(set(names)) == len(names)
    assert len(PROGRAMS) + len(FORGERS) >= FEWEST


async def run(worker: Worker, body: str, wall: float) -> VariantResult:
    test = "def test_it():\n" + "".join(f"    {line}\n" for line in body.splitlines())
    job = BatteryJob(solution="", tests=test, test_names=("test_it",), variants=(Variant(id="v"),), wall=wall)
    (result,) = (await worker.battery(job)).variants
    return result


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
async def test_the_worker_holds_and_the_next_run_is_sound(
    workplace: Workplace, sandbox: DockerSandbox, program: Program
) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, program.body, program.wall)
        assert result.status in program.fates, result
        test = result.tests["test_it"]
        if result.status == "finished" and "crashed" not in program.fates:
            assert test.error is None
            assert [decode(value) for value in test.values["broken"]] == [[]]
        after = await run(worker, SOUND, 10)
        plain = await worker.pytest(
            PytestJob(files={"solution.py": "", "test_solution.py": "def test_it():\n    assert True\n"})
        )
    assert [decode(value) for value in after.tests["test_it"].values["broken"]] == [[[], [], [], 3]]
    assert (plain.status, plain.exit_code) == ("exited", 0)


async def test_a_worker_has_no_way_to_change_what_is_mounted(workplace: Workplace, sandbox: DockerSandbox) -> None:
    folders = (Path(workplace.environment.path), install_runner(workplace.paths))
    before = [fingerprint(folder) for folder in folders]
    body = """
import os
for top in ("/deps", "/runner"):
    for folder, folders, files in os.walk(top):
        for name in files + folders:
            path = os.path.join(folder, name)
            for attack in (lambda: os.unlink(path), lambda: os.chmod(path, 0o777), lambda: os.utime(path),
                           lambda: os.rename(path, path + "x"), lambda: open(path, "r+b").write(b"x")):
                try:
                    attack()
                except OSError:
                    continue
                observe("broken", path)
"""
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, body, 30)
    assert (result.status, dict(result.tests["test_it"].values)) == ("finished", {})
    assert [fingerprint(folder) for folder in folders] == before


def fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        status = file.lstat()
        digest.update(f"{file.relative_to(folder)} {status.st_mode} {status.st_mtime_ns} {status.st_ino}\n".encode())
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()
