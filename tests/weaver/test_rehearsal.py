"""Programs inside a real worker: what they return, and where a changed one differs."""

from __future__ import annotations

import pytest

from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.rehearsal import ENOUGH, Altered, Stage
from tests.sandbox.conftest import Workplace, base_folder, sandbox, workplace

__all__ = ["base_folder", "sandbox", "workplace"]

pytestmark = pytest.mark.docker

ORIGINAL = "def double(n):\n    return [n, n]\n"
CALLS = ((0,), (1,), (2,), (3,), (4,))


def altered(key: str, source: str) -> Altered:
    return Altered(key, source, "double", CALLS, ORIGINAL)


async def test_a_changed_program_is_held_against_its_original(workplace: Workplace, sandbox: DockerSandbox) -> None:
    async with WorkerLoom(sandbox, []) as loom:
        found = await Stage(loom).compare(
            [
                altered("same", "def double(n):\n    return list((n, n))\n"),
                altered("late", "def double(n):\n    return [n, n] if n < 3 else []\n"),
                altered("always", "def double(n):\n    return n\n"),
                altered("raises", "def double(n):\n    return [n, 1 // n * n * n]\n"),
                altered("broken", "def double(n:\n"),
                altered("endless", "def double(n):\n    while n == 2:\n        pass\n    return [n, n]\n"),
            ]
        )
    assert found["same"] == frozenset()
    assert found["late"] == {3, 4}
    assert found["always"] == frozenset(range(ENOUGH))
    assert 0 in found["raises"]
    assert found["broken"] == frozenset(range(ENOUGH))
    assert found["endless"] == {2}
