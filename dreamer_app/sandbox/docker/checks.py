"""What sealed workers need of this computer, and how strong their seal is: looked at, never changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from dreamer_app.core.checks import Check
from dreamer_app.core.errors import DreamerError, InfrastructureError
from dreamer_app.core.i18n import tr
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
        fix = tr("Use another Docker engine.")
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
    detail = tr("strongest that Docker gives: every control that dreams need is in force")
    if wishes:
        detail = tr("strong: every control that dreams need is in force; stronger with {what}", what="; ".join(wishes))
    return Check(name="Isolation", state="ok", detail=detail)


def without_engine(settings: Settings) -> Check:
    """What dreaming without an engine would be like here: reduced protection, and only where a person wants it."""
    try:
        program = Program.find()
    except InfrastructureError as error:
        return Check(name="Isolation", state="missing", detail=f"{error.title}: {error.message}", fix=error.hint)
    gaps = tr("bubblewrap {version}, reduced protection: {gaps}", version=program.version, gaps="; ".join(GAPS))
    if settings.workers.reduced_protection:
        return Check(name="Isolation", state="warning", detail=gaps, fix=tr("Install Docker for full protection."))
    fix = tr(
        "Install Docker, or accept reduced protection: `reduced_protection = true` under [workers] in the settings."
    )
    return Check(name="Isolation", state="missing", detail=tr("no engine; possible is {what}", what=gaps), fix=fix)


def _runtime(facts: EngineFacts) -> Check:
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", facts.runc)
    if match is None:
        return Check(
            name="Container runtime", state="warning", detail=facts.runc or tr("unknown"), fix=tr("Update Docker.")
        )
    if tuple(int(part) for part in match.groups()) < SAFE_RUNC:
        wanted = ".".join(str(part) for part in SAFE_RUNC)
        return Check(
            name="Container runtime",
            state="warning",
            detail=tr(
                "runc {version}; its known escapes need control over images or mounts, which dreams do not have",
                version=facts.runc,
            ),
            fix=tr("Update to runc {wanted} or newer.", wanted=wanted),
        )
    return Check(name="Container runtime", state="ok", detail=f"runc {facts.runc}")


def _filter(facts: EngineFacts) -> Check:
    if facts.seccomp:
        return Check(name="System-call filter", state="ok", detail=tr("own allow-list over seccomp"))
    fix = tr("Use a kernel and an engine with seccomp.")
    return Check(name="System-call filter", state="missing", detail=tr("the engine has no seccomp"), fix=fix)


def _profile(facts: EngineFacts) -> Check:
    if facts.apparmor:
        return Check(name="AppArmor", state="ok", detail=tr("the engine's profile is in force as well"))
    return Check(name="AppArmor", state="ok", detail=tr("not present; the other walls do not depend on it"))


def _group(slice_: Slice) -> Check:
    lowest, detail = slice_.describe()
    if lowest:
        return Check(name="Workers' priority", state="ok", detail=detail)
    fix = tr("It is set when a night starts, where the program may write control groups.")
    return Check(name="Workers' priority", state="warning", detail=detail, fix=fix)


def _brake(paths: DataPaths) -> Check:
    figure = kept(paths)
    if figure is None:
        untried = tr("not tried out yet; the first night does, or `dreamer wake-test`")
        return Check(name="Brake", state="ok", detail=untried)
    detail = tr("{what} (measured {when} UTC)", what=figure.text, when=f"{figure.at:%Y-%m-%d %H:%M}")
    if figure.rung:
        return Check(name="Brake", state="ok", detail=detail)
    why = f" ({'; '.join(figure.refused)[:300]})" if figure.refused else ""
    fix = tr("Let the program or its containers write control groups; then everything stops at once.")
    return Check(name="Brake", state="warning", detail=detail + why, fix=fix)


def _image(provider: ImageProvider) -> Check:
    identifier = provider.present()
    if identifier:
        return Check(name="Worker image", state="ok", detail=identifier[:19])
    fix = tr("Nothing to do: the first night gets or makes it (under a minute).")
    return Check(name="Worker image", state="warning", detail=tr("not there yet"), fix=fix)
