"""Brings a machine to the point where The Dreamer runs: uv, the virtual environment, a Docker engine.

Standard library only, because it runs before anything is installed. It may be interrupted anywhere and run again: what
is finished is marked by a stamp that appears in one step, and what is not finished is done again. Must not change the
configuration of pip, uv, apt or Docker; indexes, certificates and proxies are the machine's own.

Usage: python3 packaging/bootstrap.py app|dev [--desktop] [--no-engine]
"""

from __future__ import annotations

import argparse
import configparser
import contextlib
import ctypes
import fcntl
import grp
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bootstrap_engine import engine_state, start_engine
from bootstrap_plan import DESKTOP_LIBRARIES, TEST_PROGRAMS, Machine, Plan, Refusal, decide, uv_is_recent

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
CACHE = ROOT / ".cache"


def say(text: str) -> None:
    """One line of progress."""
    print(f"set-up: {text}", flush=True)


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run a command in the open.

    Raises:
        Refusal: It failed.
    """
    words = [str(word) for word in command]
    result = subprocess.run(words, cwd=ROOT, env=dict(environment or os.environ), stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        raise Refusal(
            f"`{' '.join(words)}` ended with status {result.returncode}; its own words are above.",
            then="Running the same command again goes on from here.",
        )


def look(needs_engine: bool) -> Machine:
    """Gather the facts."""
    user = os.environ.get("USER") or str(os.geteuid())
    in_group = False
    with contextlib.suppress(KeyError):
        user = pwd.getpwuid(os.geteuid()).pw_name
        in_group = user in grp.getgrnam("docker").gr_mem
    system_path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    return Machine(
        python=sys.version_info[:2],
        system=platform.system(),
        root=os.geteuid() == 0,
        user=user,
        apt=shutil.which("apt-get") is not None,
        systemd=Path("/run/systemd/system").is_dir(),
        uv=find_uv() is not None,
        pip=importlib.util.find_spec("pip") is not None,
        ensurepip=importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None,
        dockerd=shutil.which("dockerd", path=system_path) is not None,
        iptables=shutil.which("iptables", path=system_path) is not None,
        engine=engine_state(os.environ) if needs_engine else "answers",
        docker_host=os.environ.get("DOCKER_HOST", ""),
        in_group=in_group,
        absent=frozenset(
            [name for name in DESKTOP_LIBRARIES if not has_library(name)]
            + [name for name in TEST_PROGRAMS if shutil.which(name, path=system_path) is None]
        ),
    )


def has_library(name: str) -> bool:
    """Whether programs find this shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install_packages(packages: Sequence[str]) -> None:
    """Install system packages as root, also after an installation that was cut short."""
    say(f"installing {', '.join(packages)} with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run(["dpkg", "--configure", "-a"], env=environment, stdin=subprocess.DEVNULL, check=False)
    # One broken third-party source makes `update` fail although the packages are there: only the installation decides.
    subprocess.run([*apt, "update"], env=environment, stdin=subprocess.DEVNULL, check=False)
    run([*apt, "install", "-y", "--no-install-recommends", *packages], environment)


def find_uv() -> Path | None:
    """A usable uv: the set-up's own, or the one on the search path."""
    own = [TOOLS / "uv" / "bin" / "uv", TOOLS / "venv" / "bin" / "uv"]
    named = shutil.which("uv")
    for candidate in [*own, *([Path(named)] if named else [])]:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            answer = subprocess.run([candidate, "--version"], capture_output=True, text=True, timeout=30, check=False)
            if answer.returncode == 0 and uv_is_recent(answer.stdout):
                return candidate
    return None


def get_uv(way: str) -> Path:
    """Fetch uv with pip, its digest checked.

    Raises:
        Refusal: It could not be fetched or does not run here.
    """
    say("fetching uv")
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    options = ["install", "-qq", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    options += ["--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")]
    if way == "pip":
        target = TOOLS / "uv"
        shutil.rmtree(target, ignore_errors=True)
        run([sys.executable, "-m", "pip", *options, "--target", target], environment)
    else:
        run([sys.executable, "-m", "venv", "--clear", TOOLS / "venv"])
        run([TOOLS / "venv" / "bin" / "python", "-m", "pip", *options], environment)
    uv = find_uv()
    if uv is None:
        raise Refusal("uv was installed but does not run on this machine.", then="Install uv by hand, then run again.")
    return uv


def uv_environment(environ: Mapping[str, str], pip_files: Sequence[Path]) -> dict[str, str]:
    """The environment for uv: where only pip was told about a mirror or a certificate, uv is told the same."""
    environment = {**environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    if not any(environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE")):
        index = environ.get("PIP_INDEX_URL") or pip_option("index-url", pip_files)
        if index:
            environment["UV_DEFAULT_INDEX"] = index
    if environ.get("PIP_CERT") and not environ.get("SSL_CERT_FILE"):
        environment["SSL_CERT_FILE"] = environ["PIP_CERT"]
    return environment


def pip_option(name: str, files: Sequence[Path]) -> str:
    """One option of pip's configuration files, the last file wins; empty when unset."""
    found = ""
    for file in files:
        parser = configparser.RawConfigParser()
        with contextlib.suppress(OSError, configparser.Error, UnicodeDecodeError):
            parser.read(file, encoding="utf-8")
            found = parser.get("global", name, fallback=found)
    return found.strip()


def pip_files(environ: Mapping[str, str]) -> list[Path]:
    """Where pip keeps its configuration, weakest first."""
    home = Path.home()
    files = [
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        home / ".pip/pip.conf",
        home / ".config/pip/pip.conf",
    ]
    named = environ.get("PIP_CONFIG_FILE", "")
    return [*files, Path(named)] if named else files


def digest_of(level: str) -> str:
    """What the stamp of a finished environment says: everything that would make it another one."""
    content = hashlib.sha256(repr([str(ROOT), sys.version, os.path.realpath(sys.executable)]).encode())
    for file in (REQUIREMENTS / f"{level}.txt", REQUIREMENTS / "build.txt", ROOT / "pyproject.toml"):
        content.update(file.read_bytes())
    return content.hexdigest()


def environment_is_ready(level: str) -> bool:
    """Whether the virtual environment was finished for this level; `dev` holds everything of `app`."""
    python = VENV / "bin" / "python"
    if not python.exists() or not (VENV / "bin" / "dreamer").exists() or (VENV / ".dreamer-unfinished").exists():
        return False
    for candidate in {level, "dev"}:
        with contextlib.suppress(OSError):
            if (VENV / f".dreamer-{candidate}").read_text(encoding="ascii") == digest_of(candidate):
                return True
    return False


def make_environment(level: str, uv: Path) -> None:
    """Create the virtual environment from hashed requirements, then mark it as finished.

    An installer that was killed may leave a package that looks installed and is not, so an environment whose
    installation did not end is made anew.
    """
    environment = uv_environment(os.environ, pip_files(os.environ))
    unfinished = VENV / ".dreamer-unfinished"
    if unfinished.exists() or not environment_works():
        say("creating .venv")
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], environment)
    unfinished.touch()
    count = (REQUIREMENTS / f"{level}.txt").read_text(encoding="utf-8").count("==")
    say(f"installing some {count} packages into .venv (the first time they are downloaded)")
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", VENV / "bin" / "python"]
    listed: list[str | Path] = ["-r", REQUIREMENTS / f"{level}.txt", "-r", REQUIREMENTS / "build.txt"]
    # The lists are complete, so nothing is resolved again; see requirements/overrides.txt for what they leave out.
    # Compiled now, the first start is as quick as every other one, also where Python may not write byte code later.
    run(
        [*install, "--require-hashes", "--no-deps", "--only-binary", ":all:", "--compile-bytecode", *listed],
        environment,
    )
    run([*install, "--no-deps", "--no-build-isolation", "--editable", ROOT], environment)
    run([VENV / "bin" / "python", "-m", "compileall", "-q", ROOT / "dreamer_app"], environment)
    write_at_once(VENV / f".dreamer-{level}", digest_of(level))
    unfinished.unlink()


def environment_works() -> bool:
    """Whether .venv has a working interpreter of this very version."""
    ask = "import sys; print(sys.version); print(sys.prefix)"
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        answer = subprocess.run(
            [VENV / "bin" / "python", "-I", "-c", ask], capture_output=True, text=True, timeout=60, check=False
        )
        return answer.returncode == 0 and answer.stdout == f"{sys.version}\n{VENV}\n"
    return False


def write_at_once(file: Path, text: str) -> None:
    """A file that is there complete or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(text, encoding="ascii")
    part.replace(file)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout's set-up lock, so that two set-ups at once wait for each other."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is at work here, waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_up(level: str, *, engine: bool, desktop: bool) -> None:
    """Do what is missing.

    Raises:
        Refusal: A person has to do something first.
    """
    machine = look(engine)
    ready = environment_is_ready(level)
    if ready:
        machine = machine._replace(uv=True)
    plan: Plan = decide(machine, engine=engine, desktop=desktop, tests=level == "dev")
    if plan.packages:
        install_packages(plan.packages)
    if not ready:
        uv = find_uv() or get_uv(plan.get_uv)
        make_environment(level, uv)
    if plan.start != "none":
        say("starting the Docker engine")
        start_engine(plan.start, CACHE / "dockerd.log", os.environ)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the set-up.

    Returns:
        0 when everything is there, 1 when a person has to do something first, 130 when interrupted.
    """
    parser = argparse.ArgumentParser(description="Set up The Dreamer in this checkout.")
    parser.add_argument("level", choices=("app", "dev"), help="what to install: the program, or the test tools as well")
    parser.add_argument("--no-engine", action="store_true", help="do not look for a Docker engine")
    parser.add_argument("--desktop", action="store_true", help="also what windows need; `dev` always has it")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        with alone():
            set_up(options.level, engine=not options.no_engine, desktop=options.desktop)
    except Refusal as refusal:
        print(f"\nset-up stopped: {refusal.reason}", file=sys.stderr)
        if refusal.command:
            print(f"\n    {refusal.command}\n", file=sys.stderr)
        print(refusal.then, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nset-up interrupted; running the same command again goes on from here.", file=sys.stderr)
        return 130
    say(f"ready after {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
