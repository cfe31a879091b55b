"""Sealed tasks solved twice with real workers: what is said of them is what the figures say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.mastery import Mastery
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.events import Event, Progress
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.settings.lessons import LessonSettings
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.core.types import WovenScenario
from dreamer_app.service.examination import examine
from dreamer_app.service.workshop import CrewOrder, ExamOrder
from dreamer_app.store.store import Store
from tests.guardian.conftest import Court, court, court_folder  # noqa: F401  (fixtures)
from tests.guardian.dreams import load
from tests.guardian.knowledge import EXAMPLES, PINS, SmallGraph
from tests.scripted_server.script import Script, Turn
from tests.scripted_server.server import serving

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.asyncio(loop_scope="module")]

TASKS = 5
RIGHT = load("good", "households")
WRONG = "def households(pairs, rents):\n    return []\n"


def reader(body: dict[str, Any]) -> str:
    """Solves the task only when the documentation is shown."""
    shown = "networkx.connected_components" in body["messages"][1]["content"]
    return f"```python\n{RIGHT.candidate.solution if shown else WRONG}```"


def knows_it_all(_body: dict[str, Any]) -> str:
    """Has no need of documentation."""
    return f"```python\n{RIGHT.candidate.solution}```"


async def measured(
    place: Court, paths: DataPaths, store: Store, author: Callable[[dict[str, Any]], str]
) -> tuple[Mastery, list[Event]]:
    pin = PINS["toolz"]
    for number in range(TASKS):
        scenario = RIGHT.scenario.model_copy(update={"prompt": f"{RIGHT.scenario.prompt} ({number})"})
        store.sealed.seal(pin.name, pin.version, WovenScenario(scenario=scenario, reference=RIGHT.candidate))
    heard: list[Event] = []
    with serving(Script((Turn(),), author)) as server:
        crew = CrewOrder(
            model="scripted-7b",
            graph=SmallGraph(examples=EXAMPLES[:1]),
            sandbox=place.sandbox,
            libraries=(pin,),
            stored=(),
            experience=(),
            lessons=LessonsStore(store.lessons, LessonSettings()),
            seed=1,
            interest={},
        )
        order = ExamOrder(crew=crew, tasks=TASKS, known=frozenset(), sealed=store.sealed, clock=SystemClock())
        settings = Settings(model=ModelSettings(base_url=server.url))
        return await examine(order, paths, settings, heard.append), heard


async def test_what_only_documentation_makes_possible_is_learned(
    court: Court,  # noqa: F811
    paths: DataPaths,
) -> None:
    store = Store(None)
    mastery, heard = await measured(court, paths, store, reader)
    found = mastery.difference
    assert (found.tasks, found.without, found.having, found.gained, found.lost) == (TASKS, 0, TASKS, TASKS, 0)
    assert found.learned and found.low > 0 and mastery.sentence.startswith("Learned toolz: 0 of 5")
    assert [event.done for event in heard if isinstance(event, Progress)] == list(range(1, TASKS + 1))
    assert store.sealed.measured()[0]["difference"]["gained"] == TASKS
    store.close()


async def test_what_was_known_before_is_not_learned(court: Court, paths: DataPaths) -> None:  # noqa: F811
    store = Store(None)
    mastery, _ = await measured(court, paths, store, knows_it_all)
    assert mastery.difference.without == mastery.difference.having == TASKS
    assert not mastery.difference.learned and mastery.sentence.startswith("Not shown that toolz was learned: 5 of 5")
    store.close()
