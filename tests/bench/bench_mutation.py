"""The mutation engine beside mutmut and cosmic-ray: the same programs and tests, all mutants that each one makes.

Ours run blind in a sealed worker, theirs under plain pytest on this computer. "In all" is from the files to the last
answer, set-up, clean run and report included; with it, a tool that makes few mutants looks slow for each, so the run
alone stands beside it where a tool tells it apart. `weak_suite` is a planted dream whose tests leave something out.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import uv

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.guardian.mutation.mutants import mutants
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.guardian.sieve import Change, sieve_of
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import Environment
from tests.bench.trust_figures import Mutation, keep
from tests.guardian.dreams import Planted, load
from tests.guardian.knowledge import EXAMPLES, PINS, SmallGraph
from tests.sandbox.conftest import own_sandbox

DREAMS = (("good", "households"), ("good", "cheapest_route"), ("bad", "weak_suite"))
RIVALS = ("mutmut==3.8.1", "cosmic-ray==8.7.0")
LIBRARIES = ("networkx", "toolz")
NO_LIMIT = 1_000
MUTMUT = (
    '[tool.mutmut]\nsource_paths = ["solution.py"]\nalso_copy = ["tests"]\n'
    '[tool.pytest.ini_options]\npythonpath = ["."]\n'
)
COSMIC_RAY = (
    '[cosmic-ray]\nmodule-path = "solution.py"\ntimeout = 10.0\nexcluded-modules = []\n'
    'test-command = "{python} -m pytest -x -q -p no:cacheprovider tests"\n[cosmic-ray.distributor]\nname = "local"\n'
)


@dataclass(frozen=True)
class Row:
    """What a tool made of one program.

    Attributes:
        made: Mutants that were run.
        missed: Those that no test noticed.
        seconds: From the files to the last answer.
        running: The mutants alone, None where the tool does not tell.
    """

    made: int
    missed: int
    seconds: float
    running: float | None

    def __str__(self) -> str:
        each = "      ?" if self.running is None else f"{self.running * 1000 / max(1, self.made):7.0f}"
        whole = self.seconds * 1000 / max(1, self.made)
        return f"{self.made:8} {self.made - self.missed:7} {self.missed:7} {self.seconds:9.1f} {whole:12.0f} {each:>12}"


async def ours(dream: Planted, sandbox: DockerSandbox, environment: Environment) -> Row:
    """Every mutant of our own engine, in a prewarmed worker as in a night."""
    trial = Trial(
        dream.scenario,
        dream.candidate,
        environment,
        knowledge=SmallGraph(examples=EXAMPLES[:1]),
        settings=GuardianSettings(),
        novelty=NoveltyIndex(),
    )
    async with sandbox.worker(environment, "dream") as worker:
        started = time.monotonic()
        trial.worker = worker
        await trial.clean()
        running = time.monotonic()
        made = mutants(trial.solution_tree, limit=NO_LIMIT, seed=dream.scenario.seed, tests=dream.scenario.tests)
        sieve = await sieve_of(trial)
        noticed = await sieve.sift([Change(mutant.id, mutant.source, tight=True) for mutant in made])
        ended = time.monotonic()
    missed = sum(not noticed[mutant.id].failed for mutant in made)
    return Row(len(made), missed, ended - started, ended - running)


def project(folder: Path, dream: Planted) -> Path:
    """The dream as an ordinary project."""
    (folder / "tests").mkdir(parents=True)
    (folder / "solution.py").write_text(dream.candidate.solution, encoding="utf-8")
    (folder / "tests" / "test_solution.py").write_text(dream.scenario.tests, encoding="utf-8")
    return folder


def called(folder: Path, command: Sequence[str | Path], binaries: Path) -> str:
    """What a tool prints.

    Raises:
        RuntimeError: It failed; with its last words.
    """
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(binaries / command[0]), *command[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def mutmut(folder: Path, binaries: Path) -> Row:
    """Its own forks under pytest."""
    (folder / "pyproject.toml").write_text(MUTMUT, encoding="utf-8")
    started = time.monotonic()
    printed = called(folder, ["mutmut", "run"], binaries)
    seconds = time.monotonic() - started
    results = called(folder, ["mutmut", "results", "--all", "true"], binaries)
    states = re.findall(r"__mutmut_\d+: (.+)$", results, re.MULTILINE)
    rate = re.findall(r"([\d.]+) mutations/second", printed)
    running = len(states) / float(rate[-1]) if rate else None
    return Row(len(states), sum(state in {"survived", "no tests"} for state in states), seconds, running)


def cosmic_ray(folder: Path, binaries: Path) -> Row:
    """One pytest process a mutant."""
    (folder / "cosmic.toml").write_text(COSMIC_RAY.format(python=binaries / "python"), encoding="utf-8")
    started = time.monotonic()
    called(folder, ["cosmic-ray", "init", "cosmic.toml", "session.sqlite"], binaries)
    running = time.monotonic()
    called(folder, ["cosmic-ray", "exec", "cosmic.toml", "session.sqlite"], binaries)
    ended = time.monotonic()
    lines = called(folder, ["cosmic-ray", "dump", "session.sqlite"], binaries).splitlines()
    outcomes = [result["test_outcome"] for _, result in map(json.loads, lines) if result is not None]
    return Row(len(outcomes), outcomes.count("survived"), ended - started, ended - running)


def rivals(folder: Path) -> Path:
    """Both tools in an environment with the libraries of the dreams; where its programs lie."""
    python = folder / "bin" / "python"
    libraries = [f"{PINS[name].name}=={PINS[name].version}" for name in LIBRARIES]
    subprocess.run([uv.find_uv_bin(), "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    install = [uv.find_uv_bin(), "pip", "install", "-q", "-p", str(python), *RIVALS, "pytest", *libraries]
    subprocess.run(install, check=True)
    return python.parent


async def measure(folder: Path) -> None:
    """All programs under all tools, one after the other."""
    paths = DataPaths(folder / "base")
    paths.create()
    async with own_sandbox(paths) as sandbox:
        environment = await sandbox.environment([PINS[name] for name in LIBRARIES])
        binaries = rivals(folder / "rivals")
        print(f"  {'':15} {'':11} {'mutants':>8} killed  missed    in all s   ms each all  ms each run", flush=True)
        kept: list[Mutation] = []
        for kind, name in DREAMS:
            dream = load(kind, name)
            rows = {
                "ours": await ours(dream, sandbox, environment),
                "mutmut": mutmut(project(folder / f"m_{name}", dream), binaries),
                "cosmic-ray": cosmic_ray(project(folder / f"c_{name}", dream), binaries),
            }
            for tool, row in rows.items():
                print(f"  {name:15} {tool:11} {row}", flush=True)
                kept.append(Mutation(program=name, tool=tool, **asdict(row)))
        keep(mutation=tuple(kept))


def main() -> None:
    """Run the measurement in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
