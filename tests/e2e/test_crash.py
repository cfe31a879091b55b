"""Promise 4: whatever moment a night is killed at, no verified dream is lost, none is doubled, no container is left."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import docker
import pytest

from dreamer_app.academy.record import folders, read_record
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState, NightEnd
from dreamer_app.engine.recovery import recover
from dreamer_app.sandbox.docker.sweep import OWNER, install_id
from dreamer_app.store.store import Store
from tests.e2e import small_night
from tests.sandbox.conftest import remove_groups

KILLS = 20
SEED = 20_260


@pytest.fixture(scope="module")
def nursery() -> ForkServerContext:
    """Starts nights as real processes within milliseconds: a server that has imported everything forks them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.e2e.small_night"])
    return context


def _night(nursery: ForkServerContext, base: Path) -> multiprocessing.process.BaseProcess:
    process = nursery.Process(target=_quiet_night, args=(str(base),))
    process.start()
    return process


def _quiet_night(base: str) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(small_night.night(base))


def _verified_folders(base: Path) -> set[str]:
    return {folder.name.removeprefix("dream_") for folder in folders(DataPaths(base).dreams)}


def _in_order_again(base: Path, before: set[str]) -> set[str]:
    """Recover as the next start does, check every promise, and return the verified dreams."""
    paths = DataPaths(base)
    paths.create()
    store = Store(paths.database)
    try:
        recovery = recover(store, paths)
        assert recovery.damaged == () and recovery.rewritten == ()
        verified = set(store.dreams.ids(DreamState.VERIFIED))
        assert verified >= before, "a verified dream was lost"
        assert verified == _verified_folders(base)
        assert store.dreams.ids(DreamState.RUNNING) == frozenset()
        assert [path for path in paths.dreams.iterdir() if path.name.startswith(".")] == []
        for folder in folders(paths.dreams):
            dream = read_record(folder)
            assert store.dreams.get(dream.id) == dream
            accepted = [run for run in store.attempts.of(dream.id) if run.accepted and run.purpose == "dream"]
            assert len(accepted) == 1, "a dream was proved twice"
        assert all(night.ended_at is not None for night in store.nights.list())
        assert len(store.dreams.list()) == len({line.id for line in store.dreams.list()})
        return verified
    finally:
        store.close()


def _finish(nursery: ForkServerContext, base: Path) -> None:
    last = _night(nursery, base)
    last.join(60)
    assert last.exitcode == 0
    assert _in_order_again(base, set()) == small_night.ACCEPTED_IDS
    store = Store(DataPaths(base).database)
    assert store.dreams.ids(DreamState.FAILED) == small_night.REJECTED_IDS
    assert store.nights.list()[0].end is NightEnd.SATURATED
    store.close()


def test_kill_nine_at_twenty_random_moments_loses_and_doubles_nothing(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    started = time.monotonic()
    _finish(nursery, whole)
    length = time.monotonic() - started
    moments = random.Random(SEED)
    verified: set[str] = set()
    killed = finished = 0
    for _ in range(KILLS):
        base = tmp_path / f"base{finished}"
        process = _night(nursery, base)
        process.join(moments.uniform(0, length / 3))  # the moment may be any; nothing below depends on which
        alive = process.exitcode is None
        killed += alive
        process.kill()
        process.join(60)
        verified = _in_order_again(base, verified)
        if not alive:  # nothing is left to be interrupted there, so the next kill meets a new folder
            assert verified == small_night.ACCEPTED_IDS
            finished, verified = finished + 1, set()
    assert killed > KILLS / 2
    _finish(nursery, tmp_path / f"base{finished}")


@pytest.mark.parametrize("step", range(1, 9))
def test_kill_nine_at_every_step_of_writing_a_dream(nursery: ForkServerContext, tmp_path: Path, step: int) -> None:
    """Steps of the first folder: the folder, its four files, their renaming, and the beginning of the second one."""
    command = [sys.executable, "-m", "tests.e2e.small_night", str(tmp_path), "--die-at", str(step)]
    result = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert result.returncode == -signal.SIGKILL
    found = _in_order_again(tmp_path, set())
    assert len(found) <= 2 if step > 6 else len(found) == 0
    _finish(nursery, tmp_path)


def _containers(client: docker.DockerClient, owner: str) -> list[str]:
    # The low-level call, for the other one asks again about each container, which may be gone by then.
    found = client.api.containers(all=True, filters={"label": f"{OWNER}={owner}"})
    return [container["Names"][0] for container in found]


@pytest.fixture
def engine() -> Iterator[docker.DockerClient]:
    client = docker.from_env()
    yield client
    client.close()


def _real(*words: str, base: Path) -> list[str]:
    return [sys.executable, "-m", "tests.e2e.real_night", *words, "--base-dir", str(base)]


@pytest.mark.docker
@pytest.mark.network
def test_a_killed_night_with_real_workers_leaves_no_container_after_the_next_start(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    libraries = ("--library", "toolz", "--library", "more-itertools", "--seed", "3")
    owner = install_id(DataPaths(tmp_path))
    night = subprocess.Popen(
        _real("night", *libraries, "--dreams", "1000", base=tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert night.stdout is not None
    told = []
    for line in night.stdout:
        told.append(line)
        if " verified: " in line:
            break
    at_work = _containers(engine, owner)
    night.kill()
    night.wait(60)
    night.stdout.close()
    assert any(" verified: " in line for line in told), "".join(told)
    assert at_work, "the night was killed while it had no workers"
    before = _verified_folders(tmp_path)
    assert before

    again = _real("verify", "--all", "--json", base=tmp_path)
    result = subprocess.run(again, capture_output=True, text=True, check=False, timeout=600)

    assert result.returncode == 0, result.stdout + result.stderr
    assert {proof["dream_id"] for proof in json.loads(result.stdout)["proofs"]} >= before
    assert _containers(engine, owner) == []
    assert _in_order_again(tmp_path, before) >= before
    remove_groups(f"dreamere2e{night.pid}")
