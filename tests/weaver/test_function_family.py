"""From documentation to finished scenarios, with real workers."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin, WovenScenario
from dreamer_app.sandbox.blind import blind, judge
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import BatteryJob, Variant
from dreamer_app.weaver.recorded_weaver.functions import FunctionFamily
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.weaver.graph import PINS, DocstringGraph

pytestmark = [pytest.mark.docker, pytest.mark.asyncio(loop_scope="module")]

WANTED = 4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DockerSandbox]:
    from tests.sandbox.conftest import own_sandbox

    folder: Path = tmp_path_factory.mktemp("weaving")
    paths = DataPaths(folder)
    paths.create()
    async with own_sandbox(paths) as opened:
        yield opened


INFLECTION = LibraryPin(name="inflection", version="0.5.1", license="MIT", import_names=("inflection",))
CONVERSIONS = (
    (
        INFLECTION,
        "inflection.pluralize",
        "word",
        "Return the plural form of a word.\n\n>>> pluralize(\"post\")\n'posts'\n>>> pluralize(\"octopus\")\n'octopi'\n",
    ),
    (
        INFLECTION,
        "inflection.titleize",
        "word",
        'Capitalize all the words and create a nicer looking title.\n\n>>> titleize("man from the boondocks")\n'
        "'Man From The Boondocks'\n>>> titleize(\"raiders_of_the_lost_ark\")\n'Raiders Of The Lost Ark'\n",
    ),
)
"""A library of which nothing works on a list."""


async def woven_by(
    sandbox: DockerSandbox,
    seed: int,
    wanted: int,
    graph: DocstringGraph | None = None,
    pins: tuple[LibraryPin, ...] = PINS,
) -> list[WovenScenario]:
    weaver = RecordedWeaver(graph or DocstringGraph(), sandbox, Settings(), families=[FunctionFamily()])
    found: list[WovenScenario] = []
    stream = weaver.weave(WeaveRequest(libraries=pins, seed=seed, wanted=wanted))
    async for woven in stream:
        found.append(woven)
        if len(found) >= wanted:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def woven(sandbox: DockerSandbox) -> list[WovenScenario]:
    found = await woven_by(sandbox, 1, WANTED)
    assert len(found) == WANTED
    return found


async def test_the_reference_passes_its_own_tests_and_a_stub_does_not(
    woven: list[WovenScenario], sandbox: DockerSandbox
) -> None:
    environment = await sandbox.environment(PINS)
    async with sandbox.worker(environment, "weave") as worker:
        for one in woven:
            assert one.reference is not None
            halves = blind(one.scenario.tests)
            stub = f"def {one.scenario.entry_point}(*arguments):\n    return []\n"
            job = BatteryJob(
                solution=one.reference.solution,
                tests=halves.source,
                test_names=halves.test_names,
                variants=(Variant(id="reference"), Variant(id="stub", solution=stub)),
            )
            result = await worker.battery(job)
            assert judge(halves, result.variants[0]).passed, one.scenario.title
            assert len(judge(halves, result.variants[1]).failures) == len(halves.test_names), one.scenario.title


async def test_every_scenario_says_what_it_rests_on(woven: list[WovenScenario]) -> None:
    for one in woven:
        scenario = one.scenario
        assert len(scenario.triviality.necessary_apis) >= 2
        assert scenario.triviality.similarity < 0.8
        assert scenario.origin == "recorded"
        assert scenario.knowledge.examples
        assert {use.library for use in scenario.uses_api} == {pin.name for pin in scenario.libraries}


async def test_the_signature_is_the_one_of_the_solution(woven: list[WovenScenario]) -> None:
    for one in woven:
        assert one.reference is not None
        assert one.scenario.signature in one.reference.solution
        ast.parse(one.scenario.signature + "\n    pass")


async def test_the_text_shows_at_most_half_of_the_cases(woven: list[WovenScenario]) -> None:
    for one in woven:
        shown = one.scenario.prompt.count(">>> ")
        cases = len(re.findall(r"^    assert ", one.scenario.tests, re.MULTILINE))
        assert 1 <= shown <= cases / 2
        assert len(re.findall(r"^def test_", one.scenario.tests, re.MULTILINE)) >= 4


async def test_both_libraries_are_combined(woven: list[WovenScenario]) -> None:
    assert any(len(one.scenario.libraries) == 2 for one in woven)


async def test_the_same_seed_weaves_the_same(woven: list[WovenScenario], sandbox: DockerSandbox) -> None:
    again = await woven_by(sandbox, 1, 3)
    assert [one.scenario.id for one in again] == [one.scenario.id for one in woven[:3]]


async def test_a_library_of_conversions_makes_tables(sandbox: DockerSandbox) -> None:
    [one] = await woven_by(sandbox, 1, 1, DocstringGraph(CONVERSIONS), (INFLECTION,))
    assert one.scenario.triviality.necessary_apis == ("inflection.pluralize", "inflection.titleize")
    assert "pluralized form" in one.scenario.title and "titleized form" in one.scenario.title
    assert "plural form" in one.scenario.prompt and "Capitalize" in one.scenario.prompt.replace(
        "capitalize", "Capitalize"
    )
