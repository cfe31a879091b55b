"""The program on a real desktop, used with mouse and keyboard: icon, menu, windows, notifications, and its end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dreamer_app.academy.record import write_record
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Review
from tests import builders
from tests.api.fakes import free_port
from tests.e2e.desk import Desk, Sitting, desk, sitting, until
from tests.e2e.nights import dreamer_json
from tests.house.tracked import ROOT

STORED = 20
"""Dreams that wait for a review."""
SETTINGS = """
[api]
port = {port}
[desktop]
language = "en"
theme = "light"
[notifications]
after_seconds = 0
quiet_start = "00:00"
quiet_end = "00:00"
[energy]
foreign_cpu = 90
foreign_cpu_resume = 89
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("home")) as found:
        yield found


def base_folder(base: Path) -> Path:
    """A base folder with settings that a busy test machine cannot disturb."""
    base.mkdir()
    (base / "settings.toml").write_text(SETTINGS.format(port=free_port()), encoding="utf-8")
    return base


def nothing_is_left(here: Sitting, children: list[psutil.Process]) -> None:
    """Neither processes nor files that only make sense while it runs."""
    assert here.ended() == 0
    psutil.wait_procs(children, timeout=10)
    assert not [child for child in children if child.is_running()]
    left = [file for file in here.base.rglob("*") if file.is_socket() or file.name == "running.json"]
    assert not left
    assert here.desk.in_panel() is None


def test_icon_menu_second_start_and_end(here: Desk, tmp_path: Path) -> None:
    base = base_folder(tmp_path / "base")
    with sitting(here, base) as seat:
        seat.reads("First steps")
        seat.press("Skip all")
        until(lambda: any("Still awake" in name or kind == "Dunst" for name, kind, _ in here.windows()), "a notice")

        seat.choose("Pause", "Until I resume")
        seat.choose("Resume")
        seat.choose("Settings…")
        until(lambda: here.front().startswith("Settings"), "the settings in front")
        seat.choose("Dream Journal…")
        until(lambda: "Dream Journal" in here.front(), "the journal in front")

        here.hand("key", "ctrl+w")
        second = subprocess.run(seat.command, env=here.environment, cwd=ROOT, check=False, timeout=60)
        assert second.returncode == 0
        until(lambda: "Dream Journal" in here.front(), "the journal again")

        children = psutil.Process(seat.program.pid).children(recursive=True)
        assert children, "the sentinel"
        seat.choose("Quit")
        nothing_is_left(seat, children)


@pytest.mark.docker
def test_a_person_from_the_first_step_to_the_training_file(here: Desk, tmp_path: Path) -> None:
    base = base_folder(tmp_path / "base")
    paths = DataPaths(base)
    paths.create()
    for n in range(1, STORED + 1):
        write_record(paths.dreams, builders.verified(n))
    with sitting(here, base) as seat:
        first_dream(seat)
        morning(seat)
        own_proofs(seat)
        review(seat)
        training_file(seat)
        children = psutil.Process(seat.program.pid).children(recursive=True)
        here.hand("key", "ctrl+q")
        nothing_is_left(seat, children)


def first_dream(seat: Sitting) -> None:
    """The five steps: a library is read, and one dream about it is dreamt under supervision."""
    seat.reads("First steps")
    seat.press("Next")
    seat.reads("Docker engine")
    seat.press("Next")
    seat.press("Other libraries")
    seat.desk.hand("type", "toolz")
    seat.press("Learn them")
    seat.reads("toolz 1")
    seat.press("Next")
    seat.press("Next")
    seat.press("Dream one now")
    restless(seat, "It works. The first dream is in the journal.")
    until(lambda: not dreamer_json("status", base=seat.base)["dreaming"], "the end of the night")


def morning(seat: Sitting) -> None:
    """The person is back, is told so, and opens the report from the notification."""
    seat.desk.hand("mousemove_relative", 5, 5)
    places = until(lambda: [place for _, kind, place in seat.desk.windows() if kind == "Dunst"], "the notification")
    seat.desk.click(places[-1], 2)  # dunst: the middle button answers
    seat.reads("I dreamt")
    seat.desk.hand("key", "ctrl+w")
    seat.press("Done")


def restless(seat: Sitting, text: str) -> None:
    """Wait for what a person waits for: with a hand on the mouse."""

    def seen() -> object:
        seat.desk.hand("mousemove_relative", "--", 4, 0, "mousemove_relative", "--", -4, 0)
        return seat.ask(read=text)

    until(seen, text)


def own_proofs(seat: Sitting) -> None:
    """The dream of this night is proved again, then a solution of the person's own, with real workers."""
    seat.desk.click(until(seat.desk.in_panel, "the icon"))
    until(lambda: "Dream Journal" in seat.desk.front(), "the journal")
    seat.desk.hand("key", "r")
    restless(seat, "Proved again: all gates passed")
    seat.desk.hand("key", "e")
    seat.reads("Your solution")
    seat.desk.hand("key", "ctrl+End")
    seat.desk.hand("type", "# mine")
    seat.desk.hand("key", "ctrl+Return")
    restless(seat, "Your solution is proved; approve it to learn from it")


def review(seat: Sitting) -> None:
    """Twenty stored dreams and those of this night, with one hand on the keyboard."""
    seat.desk.hand("key", "x", "Return", "u")
    waiting = len(reviews(seat.base))
    assert waiting > STORED
    seat.desk.hand("key", "--repeat", waiting, "a")
    until(lambda: reviews(seat.base) == [Review.APPROVED] * waiting, "every dream approved")
    found = until(lambda: dreamer_json("lessons", "search", "group words letters", base=seat.base), "a lesson")
    assert "toolz" in json.dumps(found)


def reviews(base: Path) -> list[str]:
    """What a person said about each proved dream."""
    return [line["review"] for line in dreamer_json("journal", "list", base=base)["dreams"]]


def training_file(seat: Sitting) -> None:
    """From the journal to a file of which every line says what it is."""
    seat.desk.hand("key", "ctrl+e")
    dreams = len(reviews(seat.base))
    seat.reads(f"{dreams} dreams")
    seat.press("Export")
    seat.reads(f"{dreams} records in ")
    [file] = (seat.base / "exports").rglob("*.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == dreams
    assert all(line["synthetic"] is True for line in lines)
    seat.desk.hand("key", "ctrl+w")
