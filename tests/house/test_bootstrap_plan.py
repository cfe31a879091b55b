"""What the set-up decides, for every kind of machine, without being on it."""

from __future__ import annotations

import pytest
from bootstrap_plan import Machine, Plan, Refusal, decide, uv_is_recent

READY = Machine(python=(3, 11))
BARE = Machine(python=(3, 11), uv=False, pip=False, ensurepip=False, dockerd=False, iptables=False, engine="silent")
PERSON = {"root": False, "user": "alice"}


def refusal(machine: Machine, *, engine: bool = True) -> Refusal:
    """The refusal that this machine gets."""
    with pytest.raises(Refusal) as caught:
        decide(machine, engine=engine)
    return caught.value


def test_nothing_to_do_where_everything_is_there() -> None:
    assert decide(READY, engine=True) == Plan()


def test_a_bare_machine_as_root_gets_everything() -> None:
    assert decide(BARE, engine=True) == Plan(
        packages=("python3.11-venv", "docker.io", "iptables"), get_uv="venv", start="dockerd"
    )


def test_without_an_engine_wanted_docker_is_left_alone() -> None:
    assert decide(BARE, engine=False) == Plan(packages=("python3.11-venv",), get_uv="venv")


def test_systemd_starts_the_service() -> None:
    assert decide(READY._replace(engine="silent", systemd=True), engine=True).start == "systemctl"


HEADLESS = READY._replace(absent=frozenset({"libEGL.so.1", "libxcb-cursor.so.0", "Xvfb", "dunst"}))


def test_dreaming_needs_no_desktop() -> None:
    assert decide(HEADLESS, engine=True) == Plan()


def test_windows_need_the_libraries_that_are_absent() -> None:
    assert decide(HEADLESS, engine=True, desktop=True).packages == ("libegl1", "libxcb-cursor0")


def test_tests_bring_a_desktop_of_their_own() -> None:
    wanted = ("libegl1", "libxcb-cursor0", "xvfb", "dunst")
    assert decide(HEADLESS, engine=False, tests=True).packages == wanted
    with pytest.raises(Refusal) as refused:
        decide(HEADLESS._replace(**PERSON), engine=False, tests=True)
    assert "xvfb dunst" in refused.value.command


def test_elsewhere_windows_need_nothing_of_ours() -> None:
    assert decide(HEADLESS._replace(system="Darwin"), engine=True, desktop=True, tests=True) == Plan()


@pytest.mark.parametrize(
    ("pip", "ensurepip", "way", "packages"),
    [
        (True, False, "pip", ()),
        (True, True, "pip", ()),
        (False, True, "venv", ()),
        (False, False, "venv", ("python3.12-venv",)),
    ],
)
def test_uv_comes_by_the_shortest_way(pip: bool, ensurepip: bool, way: str, packages: tuple[str, ...]) -> None:
    machine = Machine(python=(3, 12), uv=False, pip=pip, ensurepip=ensurepip)
    assert decide(machine, engine=True) == Plan(packages=packages, get_uv=way)


def test_without_root_one_line_does_it_all() -> None:
    stopped = refusal(BARE._replace(systemd=True, **PERSON))
    assert stopped.command == (
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3.11-venv docker.io iptables"
        " && usermod -aG docker alice && systemctl enable --now docker'"
    )
    assert "log out" in stopped.then


def test_without_root_and_without_systemd_the_service_script_is_named() -> None:
    assert refusal(BARE._replace(**PERSON)).command.endswith("&& service docker start'")


def test_without_root_only_what_is_missing_is_asked_for() -> None:
    stopped = refusal(READY._replace(uv=False, pip=False, ensurepip=False, **PERSON))
    assert stopped.command == (
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3.11-venv'"
    )
    assert "log out" not in stopped.then


def test_a_person_in_the_group_only_has_to_start_the_engine() -> None:
    stopped = refusal(READY._replace(engine="silent", systemd=True, in_group=True, **PERSON))
    assert stopped.command == "sudo systemctl enable --now docker"


def test_a_person_outside_the_group_is_put_into_it() -> None:
    stopped = refusal(READY._replace(engine="denied", **PERSON))
    assert stopped.command == "sudo usermod -aG docker alice"
    assert "alice may not speak" in stopped.reason


def test_a_login_older_than_the_membership_needs_no_root() -> None:
    stopped = refusal(READY._replace(engine="denied", in_group=True, **PERSON))
    assert stopped.command == "sg docker -c 'make dream'"
    assert "sudo" not in stopped.command


def test_a_running_engine_is_enough_for_a_person_without_root() -> None:
    assert decide(READY._replace(uv=False, **PERSON), engine=True) == Plan(get_uv="pip")


def test_an_old_python_is_refused_first() -> None:
    stopped = refusal(BARE._replace(python=(3, 10)))
    assert "3.10" in stopped.reason
    assert "PYTHON=" in stopped.then


def test_without_apt_the_names_are_told() -> None:
    stopped = refusal(BARE._replace(apt=False))
    assert "docker.io" in stopped.reason
    assert stopped.command == ""


def test_an_engine_elsewhere_is_not_replaced_by_one_here() -> None:
    assert "tcp://build:2375" in refusal(READY._replace(engine="silent", docker_host="tcp://build:2375")).reason


def test_on_another_system_the_engine_is_the_persons_to_start() -> None:
    assert "Docker Desktop" in refusal(READY._replace(engine="silent", system="Darwin")).then


@pytest.mark.parametrize(
    ("text", "recent"),
    [
        ("uv 0.7.2 (481d05d8d 2025-04-30)\n", True),
        ("uv 0.5.0", True),
        ("uv 1.0.0", True),
        ("uv 0.4.30", False),
        ("uv", False),
        ("", False),
        ("pip 23.0 from somewhere", False),
        ("uv zero.five", False),
    ],
)
def test_an_old_or_foreign_uv_is_not_used(text: str, recent: bool) -> None:
    assert uv_is_recent(text) is recent
