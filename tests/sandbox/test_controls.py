"""An engine without a needed control is refused with the reason; what would make the walls stronger is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings, WorkerSettings
from dreamer_app.sandbox.bubblewrap.program import Program
from dreamer_app.sandbox.docker import checks
from dreamer_app.sandbox.docker.controls import lacking, stronger
from dreamer_app.sandbox.docker.engine import Engine, EngineFacts
from dreamer_app.sandbox.docker.open import open_sandbox

WHOLE = {"MemoryLimit": True, "PidsLimit": True, "CpuCfsQuota": True, "SecurityOptions": ["name=seccomp"]}
PODMAN = {"Components": [{"Name": "Podman Engine"}]}
FACTS = EngineFacts("28.0", "1.3.0", "cgroupfs", 1, "overlay2", False, True, False, "x86_64")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"MemoryLimit": False}, "memory"),
        ({"PidsLimit": False}, "processes"),
        ({"CpuCfsQuota": False}, "processor"),
        ({"SecurityOptions": []}, "system calls"),
    ],
)
def test_an_engine_without_a_control_is_refused(change: dict[str, object], words: str) -> None:
    assert lacking(WHOLE, {}) == ()
    (reason,) = lacking({**WHOLE, **change}, {})
    assert words in reason


def test_podman_is_refused_until_it_takes_what_seals_a_worker() -> None:
    (reason,) = lacking(WHOLE, PODMAN)
    assert "Podman" in reason


async def test_nothing_is_opened_on_such_an_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Weak:
        def facts(self) -> EngineFacts:
            return replace(FACTS, lacks=("no memory",))

        def close(self) -> None: ...

    monkeypatch.setattr(Engine, "connect", Weak)
    with pytest.raises(InfrastructureError, match="no memory"):
        await open_sandbox(Settings(), DataPaths(tmp_path))
    engine, isolation = await checks.look_at_workers(DataPaths(tmp_path), Settings())
    assert (engine.state, engine.detail) == ("missing", "no memory")
    assert isolation.name == "Isolation"


def test_what_would_be_stronger() -> None:
    assert len(stronger(rootless=False, user_namespaces=False, apparmor=False)) == 2
    assert stronger(rootless=True, user_namespaces=False, apparmor=True) == ()


def test_without_an_engine_the_choice_is_a_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "find", lambda: Program("bwrap", "0.8.0", b""))
    refused = checks.without_engine(Settings())
    assert refused.state == "missing" and "reduced protection" in refused.fix
    accepted = checks.without_engine(Settings(workers=WorkerSettings(reduced_protection=True)))
    assert accepted.state == "warning" and "memory is limited for each process" in accepted.detail
