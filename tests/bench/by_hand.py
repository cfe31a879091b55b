"""Dreams that a person wrote for the measurement of the Guardian: good ones, and each with the mistakes people make.

They lie in `tests/planted/known_good`. `wrong.toml` beside a dream holds pairs of a text of its solution and what a
mistake makes of it. They tell what seeded changes cannot: mistakes that somebody thought of. Nothing is judged here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from dreamer_app.core.types import Candidate, LibraryPin
from tests.guardian.dreams import PLANTED, load, names
from tests.planted.generated import Spoiled

FOLDER = "known_good"
GOOD_BY_HAND = "good by hand"
WRONG_BY_HAND = "wrong by hand"


def good_by_hand(pins: Iterable[LibraryPin]) -> list[Spoiled]:
    """The good ones, in order of their names."""
    known = {pin.name: pin for pin in pins}
    planted = [load(FOLDER, name, known) for name in names(FOLDER)]
    return [Spoiled(one.scenario, one.candidate) for one in planted]


def wrong_by_hand(pins: Iterable[LibraryPin]) -> list[Spoiled]:
    """Every mistake, each in a solution that is good otherwise.

    Raises:
        ValueError: A text to change is not there once.
    """
    known = {pin.name: pin for pin in pins}
    found: list[Spoiled] = []
    for name in names(FOLDER):
        file = PLANTED / FOLDER / name / "wrong.toml"
        if not file.exists():
            continue
        good = load(FOLDER, name, known)
        for old, new in tomllib.loads(file.read_text(encoding="utf-8"))["mistakes"]:
            if good.candidate.solution.count(old) != 1:
                raise ValueError(f"{name}: {old!r} is not there once")
            solution = good.candidate.solution.replace(old, new)
            found.append(Spoiled(good.scenario, Candidate(solution=solution, coder="recorded")))
    return found
