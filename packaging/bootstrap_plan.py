"""What a machine still needs before The Dreamer can run, decided from facts alone.

Standard library only, because it runs before anything is installed. Must not look at the machine nor change it: the
facts come in as a value and the decision goes out as one, so that every kind of machine can be tested on any.
"""

from __future__ import annotations

from typing import NamedTuple

OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 5)

DESKTOP_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Shared libraries that Qt's wheels take from the system, each with the Debian package that has it."""
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "bwrap": "bubblewrap",
    "dbus-daemon": "dbus",
    "dunst": "dunst",
    "openbox": "openbox",
    "tint2": "tint2",
    "xdotool": "xdotool",
}
"""Programs that the tests start, each with its Debian package: a small desktop, and workers without an engine."""


class Machine(NamedTuple):
    """The facts that the decision rests on.

    Attributes:
        python: Version of the interpreter that runs the set-up, as (major, minor).
        system: As `platform.system()` says it, e.g. `Linux`.
        root: Whether packages may be installed and services started.
        user: Login name, for the command that is printed.
        apt: Whether `apt-get` is there.
        systemd: Whether systemd is running (not merely installed).
        uv: Whether a usable uv is there.
        pip: Whether this interpreter has pip.
        ensurepip: Whether this interpreter can put pip into a virtual environment.
        dockerd: Whether an engine is installed.
        iptables: Whether the engine's network tool is installed.
        engine: `answers`, `denied` (it is there, this user may not speak to it) or `silent`.
        docker_host: Value of `DOCKER_HOST`, empty when the usual socket is meant.
        in_group: Whether the user database has the user in the group `docker`; the present login may be older.
        absent: Names of `DESKTOP_LIBRARIES` and `TEST_PROGRAMS` that this machine lacks.
    """

    python: tuple[int, int]
    system: str = "Linux"
    root: bool = True
    user: str = "root"
    apt: bool = True
    systemd: bool = False
    uv: bool = True
    pip: bool = True
    ensurepip: bool = True
    dockerd: bool = True
    iptables: bool = True
    engine: str = "answers"
    docker_host: str = ""
    in_group: bool = False
    absent: frozenset[str] = frozenset()


class Refusal(Exception):
    """The set-up cannot go on by itself.

    Attributes:
        reason: What is missing.
        command: The one line that mends it; empty when there is none.
        then: What to do afterwards.
    """

    def __init__(self, reason: str, command: str = "", then: str = "Then run the same command again.") -> None:
        super().__init__(reason)
        self.reason = reason
        self.command = command
        self.then = then


class Plan(NamedTuple):
    """What to do, in this order.

    Attributes:
        packages: System packages to install.
        get_uv: `none`, `pip` (the interpreter's own) or `venv` (a virtual environment that has pip).
        start: `none`, `systemctl` or `dockerd`.
    """

    packages: tuple[str, ...] = ()
    get_uv: str = "none"
    start: str = "none"


def decide(machine: Machine, *, engine: bool, desktop: bool = False, tests: bool = False) -> Plan:
    """What the set-up will do on this machine.

    Args:
        machine: The facts.
        engine: Whether a Docker engine is wanted.
        desktop: Whether windows are wanted; nights need none.
        tests: Whether a desktop to test on is wanted.

    Raises:
        Refusal: A person has to do something first.
    """
    if machine.python < OLDEST_PYTHON:
        raise Refusal(
            f"Python {dotted(OLDEST_PYTHON)} or newer is needed, this is {dotted(machine.python)}.",
            then="Name a newer one, for example: make dream PYTHON=python3.12",
        )
    packages = python_packages(machine)
    packages += desktop_packages(machine, desktop=desktop or tests, tests=tests)
    wants_engine = engine and machine.engine != "answers"
    if wants_engine:
        refuse_foreign_engine(machine)
        packages += engine_packages(machine)
    if packages and not machine.apt:
        raise Refusal(
            f"Missing, and there is no apt-get to install them with: {', '.join(packages)}.",
            then="Install their equivalents with this system's package manager, then run the same command again.",
        )
    if not machine.root and (packages or wants_engine):
        raise refusal_without_root(machine, packages, wants_engine=wants_engine)
    return Plan(
        packages=packages,
        get_uv="none" if machine.uv else "pip" if machine.pip else "venv",
        start="none" if not wants_engine else "systemctl" if machine.systemd else "dockerd",
    )


def python_packages(machine: Machine) -> tuple[str, ...]:
    """Packages without which uv cannot be fetched."""
    if machine.uv or machine.pip or machine.ensurepip:
        return ()
    return (f"python{dotted(machine.python)}-venv",)


def desktop_packages(machine: Machine, *, desktop: bool, tests: bool) -> tuple[str, ...]:
    """Packages without which no window opens, and those of the desktop that the tests bring along."""
    if machine.system != "Linux":
        return ()
    wanted = {**(DESKTOP_LIBRARIES if desktop else {}), **(TEST_PROGRAMS if tests else {})}
    return tuple(package for name, package in wanted.items() if name in machine.absent)


def engine_packages(machine: Machine) -> tuple[str, ...]:
    """Packages without which no engine can be started."""
    if machine.engine == "denied":
        return ()
    wanted = () if machine.dockerd else ("docker.io",)
    return wanted if machine.iptables else (*wanted, "iptables")


def refuse_foreign_engine(machine: Machine) -> None:
    """Stop where the engine is not ours to start.

    Raises:
        Refusal: The engine is somewhere else, or this is not Linux.
    """
    if machine.docker_host:
        raise Refusal(
            f"No Docker engine answers at DOCKER_HOST={machine.docker_host}.",
            then="Start it, or unset DOCKER_HOST to use this machine's own, then run the same command again.",
        )
    if machine.system != "Linux":
        raise Refusal(
            f"No Docker engine answers, and on {machine.system} it cannot be started from here.",
            then="Start Docker Desktop, then run the same command again.",
        )


def refusal_without_root(machine: Machine, packages: tuple[str, ...], *, wants_engine: bool) -> Refusal:
    """The one command that an administrator has to run for this user."""
    if wants_engine and machine.engine == "denied" and machine.in_group and not packages:
        return Refusal(
            f"A Docker engine answers, but this login is older than {machine.user}'s membership in the group docker.",
            command="sg docker -c 'make dream'",
            then="Or log out and in again, then run the same command again.",
        )
    steps: list[str] = []
    if packages:
        steps += ["apt-get update", f"apt-get install -y --no-install-recommends {' '.join(packages)}"]
    if wants_engine and not machine.in_group:
        steps.append(f"usermod -aG docker {machine.user}")
    if wants_engine and machine.engine == "silent":
        steps.append("systemctl enable --now docker" if machine.systemd else "service docker start")
    reason = f"Missing: {', '.join(packages)}." if packages else "No Docker engine answers."
    if machine.engine == "denied":
        reason = f"{reason} {machine.user} may not speak to the Docker engine.".replace(
            "No Docker engine answers. ", ""
        )
    then = "Then run the same command again."
    if wants_engine:
        then = "Then log out and in again (the group docker counts from the next login) and run the same command again."
    return Refusal(reason, command=one_line(steps), then=then)


def one_line(steps: list[str]) -> str:
    """Several commands as one line that needs the password once."""
    if len(steps) == 1:
        return f"sudo {steps[0]}"
    return f"sudo sh -c '{' && '.join(steps)}'"


def dotted(version: tuple[int, ...]) -> str:
    """A version as people write it."""
    return ".".join(str(part) for part in version)


def uv_is_recent(text: str) -> bool:
    """Whether `uv --version` (e.g. `uv 0.7.2 (abc 2025-01-01)`) names one that has what the set-up needs."""
    words = text.split()
    if len(words) < 2 or words[0] != "uv":
        return False
    parts = words[1].split(".")
    return all(part.isdigit() for part in parts[:2]) and tuple(int(part) for part in parts[:2]) >= OLDEST_UV
