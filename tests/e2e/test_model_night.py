"""Two nights of the real program with a strong model that invents and a small one that solves, both mediocre.

The server is the scripted one; workers, gates, store and log are real. The second night develops the dreams of the
first and may make fewer calls than it would need, so that it ends without the models.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from dreamer_app.academy.record import read_record
from dreamer_app.core.types import Dream, Tier
from tests.e2e.nights import NIGHT_SECONDS, dream_folders
from tests.llm.rooms import KEY
from tests.scripted_server.author import PURPOSES, Author
from tests.scripted_server.script import Script, Turn
from tests.scripted_server.server import Call, serving

pytestmark = pytest.mark.docker

STRONG, SMALL = "strong-70b", "small-7b"
CALLS = 10
"""Of the second night."""
DREAMS = 4
"""Of each night."""
SETTINGS = """
[model]
base_url = "{url}"
weaver = "{strong}"
coder = "{small}"
calls = {calls}
hybrid = 0.0

[curriculum]
evolve = {evolve}
"""


@dataclass(frozen=True)
class Nights:
    """What the nights left.

    Attributes:
        base: Their data folder.
        figures: Of each, as the program printed them.
        dreams: Of each, as they were kept.
        calls: What the server was asked, first in the first night, then in the second.
        author: What the server answered.
    """

    base: Path
    figures: tuple[dict[str, float], ...]
    dreams: tuple[list[Dream], ...]
    calls: tuple[list[Call], ...]
    author: Author

    @property
    def all_calls(self) -> list[Call]:
        """Of both."""
        return [call for calls in self.calls for call in calls]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Two nights, which all tests of this module look at."""
    base, author = tmp_path_factory.mktemp("model-nights"), Author()
    with serving(Script((Turn(),), author, models=(STRONG, SMALL))) as server:
        figures, dreams, calls = [], [], []
        for seed, (evolve, most) in enumerate(((0.0, 1000), (1.0, CALLS))):
            text = SETTINGS.format(url=server.url, strong=STRONG, small=SMALL, calls=most, evolve=evolve)
            (base / "settings.toml").write_text(text, encoding="utf-8")
            earlier = {dream.id for kept in dreams for dream in kept}
            figures.append(_night(base, seed))
            kept = map(read_record, dream_folders(base))
            dreams.append([dream for dream in kept if dream.id not in earlier])
            calls.append(server.chats[sum(map(len, calls)) :])
    return Nights(base, tuple(figures), tuple(dreams), tuple(calls), author)


def _night(base: Path, seed: int) -> dict[str, float]:
    words = ["night", "--library", "toolz", "--library", "more-itertools", "--dreams", str(DREAMS), "--seed", str(seed)]
    result = subprocess.run(
        [sys.executable, "-m", "tests.e2e.real_night", *words, "--base-dir", str(base), "--json"],
        env={**os.environ, "DREAMER_API_KEY": KEY},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=NIGHT_SECONDS,
    )
    assert result.returncode == 0, f"{result.stdout}\n{result.stderr}"
    assert KEY not in result.stdout + result.stderr
    found: dict[str, float] = json.loads(result.stdout)["night"]["figures"]
    return found


def purpose(call: Call) -> str:
    """What a call was for, as its prompt says."""
    system = call.body["messages"][0]["content"]
    return next(name for start, name in PURPOSES.items() if system.startswith(start))


def test_the_strong_model_invents_and_the_small_one_solves(nights: Nights) -> None:
    asked = {(purpose(call), call.body["model"]) for call in nights.all_calls}
    assert {("weave", STRONG), ("solve", SMALL)} <= asked
    assert {model for what, model in asked if what == "weave"} == {STRONG}
    assert {model for what, model in asked if what in ("solve", "repair")} == {SMALL}


def test_only_what_was_proved_is_kept_and_the_funnel_explains_the_rest(nights: Nights) -> None:
    wrong = {task["wrong"].strip() for task in nights.author.tasks.values()}
    for dreams, figures, calls in zip(nights.dreams, nights.figures, nights.calls, strict=True):
        assert len(dreams) == figures["verified"] == DREAMS
        for dream in dreams:
            code = dream.candidate.solution
            assert code.strip() not in wrong
            assert not any(word in code for word in ("os.system", "time.time", "magic_grouping"))
        stopped = sum(count for name, count in figures.items() if name.startswith("stopped_by."))
        assert stopped == figures.get("rejected", 0)
        useless = sum(count for name, count in figures.items() if name.startswith("drafts."))
        imagined = {dream.id for dream in dreams if dream.scenario.origin == f"model:{STRONG}"}
        assert useless > 0 and len(imagined) + useless <= sum(purpose(call) == "weave" for call in calls)
    assert all(
        dream.verdict is not None and dream.verdict.tier in (Tier.GOLD, Tier.SILVER) for dream in nights.dreams[0]
    )


def test_the_dreams_of_the_first_night_are_developed_in_the_second(nights: Nights) -> None:
    """Their tasks are given to the strong model again, as data, with what to make of them."""
    twists = ("Take up the task below", "Take up the subject of the task below", "Join the two tasks below")
    tasks = [dream.scenario.prompt.split(".")[0] for dream in nights.dreams[0]]
    told = [call.body["messages"][1]["content"] for call in nights.calls[1] if purpose(call) == "weave"]
    developed = [text for text in told if any(twist in text for twist in twists)]
    assert developed and not any(twist in _told(call) for call in nights.calls[0] for twist in twists)
    assert all(any(task in text for task in tasks) for text in developed)


def test_the_budget_holds_and_the_night_goes_on_without_the_models(nights: Nights) -> None:
    assert len(nights.calls[1]) == nights.figures[1]["model.calls"] == CALLS
    origins = Counter(dream.scenario.origin for dream in nights.dreams[1])
    assert origins["recorded"], "when no call may be made any more, dreams are woven without a model"


def test_every_call_is_in_the_log_and_the_key_is_nowhere(nights: Nights) -> None:
    assert {call.headers["authorization"] for call in nights.all_calls} == {f"Bearer {KEY}"}
    logs = "".join(file.read_text(encoding="utf-8") for file in (nights.base / "nights").glob("*.log"))
    lines = [json.loads(line.split("model call ", 1)[1]) for line in logs.splitlines() if " model call " in line]
    assert len(lines) == len(nights.all_calls)
    assert all(
        {"purpose", "prompt", "seed", "prompt_tokens", "completion_tokens", "seconds"} <= set(one) for one in lines
    )
    for file in nights.base.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), f"the key is in {file.relative_to(nights.base)}"
    for call in nights.all_calls:
        assert KEY not in json.dumps(call.body) and str(nights.base) not in json.dumps(call.body)


def _told(call: Call) -> str:
    return "\n".join(message["content"] for message in call.body["messages"])
