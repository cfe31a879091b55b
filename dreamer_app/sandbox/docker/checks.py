"""What sealed workers need of this computer, and how strong their seal is: looked at, never changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from dreamer_app.core.checks import Check
from dreamer_app.core.errors import DreamerError, InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.brake.figure import kept
from dreamer_app.sandbox.bubblewrap.confinement import GAPS
from dreamer_app.sandbox.bubblewrap.program import Program
from dreamer_app.sandbox.docker.controls import stronger
from dreamer_app.sandbox.docker.engine import Engine, EngineFacts
from dreamer_app.sandbox.docker.image import ImageProvider
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.docker.sweep import install_id

SAFE_RUNC = (1, 2, 8)
"""Fixes CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881."""


async def look_at_workers(paths: DataPaths, settings: Settings) -> tuple[Check, ...]:
    """Look at the engine, its protections and the worker image."""
    return await asyncio.to_thread(_look, paths, settings)


def _look(paths: DataPaths, settings: Settings) -> tuple[Check, ...]:
    try:
        engine = Engine.connect()
        facts = engine.facts()
    except DreamerError as error:
        docker = Check(name="Docker engine", state="missing", detail=error.message, fix=error.hint)
        return (docker, without_engine(settings))
    if facts.lacks:
        fix = "Use another Docker engine."
        docker = Check(name="Docker engine", state="missing", detail="; ".join(facts.lacks), fix=fix)
        return (docker, without_engine(settings))
    kind = "rootless, " if facts.rootless else ""
    detail = f"{facts.version}, {kind}cgroup v{facts.cgroup_version} ({facts.cgroup_driver}), {facts.storage_driver}"
    rest: tuple[Callable[[EngineFacts], Check], ...] = (_isolation, _runtime, _filter, _profile)
    return (
        Check(name="Docker engine", state="ok", detail=detail),
        *(look(facts) for look in rest),
        _group(Slice.of(facts, install_id(paths))),
        _brake(paths),
        _image(ImageProvider(settings, paths, engine)),
    )


def _isolation(facts: EngineFacts) -> Check:
    """How strong the seal is, and what would make it stronger; the lines after this one are its parts."""
    wishes = stronger(rootless=facts.rootless, user_namespaces=facts.user_namespaces, apparmor=facts.apparmor)
    strength = "strong" if wishes else "strongest that Docker gives"
    more = f"; stronger with {'; with '.join(wishes)}" if wishes else ""
    return Check(name="Isolation", state="ok", detail=f"{strength}: every control that dreams need is in force{more}")


def without_engine(settings: Settings) -> Check:
    """What dreaming without an engine would be like here: reduced protection, and only where a person wants it."""
    try:
        program = Program.find()
    except InfrastructureError as error:
        return Check(name="Isolation", state="missing", detail=f"{error.title}: {error.message}", fix=error.hint)
    gaps = f"bubblewrap {program.version}, reduced protection: {'; '.join(GAPS)}"
    if settings.workers.reduced_protection:
        return Check(name="Isolation", state="warning", detail=gaps, fix="Install Docker for full protection.")
    fix = "Install Docker, or accept reduced protection: `reduced_protection = true` under [workers] in the settings."
    return Check(name="Isolation", state="missing", detail=f"no engine; possible is {gaps}", fix=fix)


def _runtime(facts: EngineFacts) -> Check:
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", facts.runc)
    if match is None:
        return Check(name="Container runtime", state="warning", detail=facts.runc or "unknown", fix="Update Docker.")
    if tuple(int(part) for part in match.groups()) < SAFE_RUNC:
        wanted = ".".join(str(part) for part in SAFE_RUNC)
        return Check(
            name="Container runtime",
            state="warning",
            detail=f"runc {facts.runc}; its known escapes need control over images or mounts, which dreams do not have",
            fix=f"Update to runc {wanted} or newer.",
        )
    return Check(name="Container runtime", state="ok", detail=f"runc {facts.runc}")


def _filter(facts: EngineFacts) -> Check:
    if facts.seccomp:
        return Check(name="System-call filter", state="ok", detail="own allow-list over seccomp")
    fix = "Use a kernel and an engine with seccomp."
    return Check(name="System-call filter", state="missing", detail="the engine has no seccomp", fix=fix)


def _profile(facts: EngineFacts) -> Check:
    if facts.apparmor:
        return Check(name="AppArmor", state="ok", detail="the engine's profile is in force as well")
    return Check(name="AppArmor", state="ok", detail="not present; the other walls do not depend on it")


def _group(slice_: Slice) -> Check:
    lowest, detail = slice_.describe()
    if lowest:
        return Check(name="Workers' priority", state="ok", detail=detail)
    fix = "It is set when a night starts, where the program may write control groups."
    return Check(name="Workers' priority", state="warning", detail=detail, fix=fix)


def _brake(paths: DataPaths) -> Check:
    figure = kept(paths)
    if figure is None:
        return Check(name="Brake", state="ok", detail="not tried out yet; the first night does, or `dreamer wake-test`")
    detail = f"{figure.text} (measured {figure.at:%Y-%m-%d %H:%M} UTC)"
    if figure.rung:
        return Check(name="Brake", state="ok", detail=detail)
    why = f" ({'; '.join(figure.refused)[:300]})" if figure.refused else ""
    fix = "Let the program or its containers write control groups; then everything stops at once."
    return Check(name="Brake", state="warning", detail=detail + why, fix=fix)


def _image(provider: ImageProvider) -> Check:
    identifier = provider.present()
    if identifier:
        return Check(name="Worker image", state="ok", detail=identifier[:19])
    fix = "Nothing to do: the first night gets or makes it (under a minute)."
    return Check(name="Worker image", state="warning", detail="not there yet", fix=fix)
