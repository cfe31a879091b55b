"""From the documentation of pydantic to proved dreams about data models, with real workers."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random

import pytest
import pytest_asyncio

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import WovenScenario
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.oracle.graph import GraphStore
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.weaver.recorded_weaver.apps.domains import DOMAINS
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.models.family import ModelFamily
from dreamer_app.weaver.recorded_weaver.models.harvest import field_forms, option_forms
from dreamer_app.weaver.recorded_weaver.models.model import Model, named, records
from dreamer_app.weaver.recorded_weaver.models.probing import FieldType, field_types, telling_options
from dreamer_app.weaver.recorded_weaver.models.tasks import TEMPLATES
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.recorded_weaver.rehearsal import Stage
from dreamer_app.weaver.scenario_weaver import WeaveRequest

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.asyncio(loop_scope="module")]

WANTED = 3
TRIED = ("ByteSize", "PositiveInt", "Json[list[int]]", "HttpUrl", "Base64Str", "EmailStr", "JsonValue")


@dataclass
class World:
    """What was read, and where it is tried."""

    knowledge: GraphStore
    sandbox: DockerSandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    from dreamer_app.sandbox.docker.engine import Engine
    from dreamer_app.sandbox.docker.open import open_sandbox
    from tests.sandbox.conftest import favour, own_slice, remove_group

    paths = DataPaths(tmp_path_factory.mktemp("models"))
    paths.create()
    oracle = Oracle(paths, Settings())
    await oracle.ingest("pypi:pydantic")
    group = own_slice(Engine.connect().facts())
    opened = await open_sandbox(Settings(), paths, group=group)
    favour(group)
    try:
        yield World(oracle.graph(), opened)
    finally:
        await opened.close()
        remove_group(group)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def types(world: World) -> dict[str, FieldType]:
    forms = field_forms(world.knowledge.examples("pydantic"), world.knowledge)
    async with WorkerLoom(world.sandbox, world.knowledge.libraries()) as loom:
        found = await field_types(Stage(loom), [form for form in forms if form.annotation in TRIED])
    return {one.form.annotation: one for one in found}


async def woven(world: World, seed: int, wanted: int) -> list[WovenScenario]:
    weaver = RecordedWeaver(world.knowledge, world.sandbox, Settings(), families=[ModelFamily()])
    found: list[WovenScenario] = []
    stream = weaver.weave(WeaveRequest(libraries=world.knowledge.libraries(), seed=seed, wanted=wanted))
    async for one in stream:
        found.append(one)
        if len(found) >= wanted:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return found


async def test_documented_types_are_found_with_their_aliases_written_out(world: World) -> None:
    forms = {form.annotation: form for form in field_forms(world.knowledge.examples("pydantic"), world.knowledge)}
    assert "50 PB" in forms["ByteSize"].values
    assert forms["list[OnErrorOmit[int]]"].imports == ("from pydantic import OnErrorOmit",)
    constrained = [form for form in forms.values() if form.api.key == "pydantic.Field"]
    assert constrained and all("from pydantic import Field" in form.imports for form in constrained)
    unfit = ("FilePath", "ImportString", "SecretStr", "PastDate", "conint", "WithJsonSchema", "MyInt")
    assert not [name for name in forms if any(word in name for word in unfit)]


async def test_only_options_that_change_something_are_used(world: World) -> None:
    forms = option_forms(world.knowledge.examples("pydantic"), world.knowledge)
    async with WorkerLoom(world.sandbox, world.knowledge.libraries()) as loom:
        telling = await telling_options(Stage(loom), forms)
    names = {(form.name, form.value) for form in telling}
    assert {("extra", "'forbid'"), ("extra", "'allow'"), ("strict", "True")} <= names
    assert ("extra", "'ignore'") not in names and "hide_input_in_errors" not in {name for name, _ in names}


async def test_what_a_type_takes_and_refuses_is_found_out_by_running_it(types: dict[str, FieldType]) -> None:
    size = types["ByteSize"]
    assert (size.kind, size.plain) == ("number", True)
    assert ("3 KiB", 3072) in size.taken and "3 pounds" in size.refused
    assert types["HttpUrl"].kind == "text" and not types["HttpUrl"].plain
    assert all(isinstance(value, str) for value, _ in types["HttpUrl"].taken)
    assert "EmailStr" not in types  # it needs a package that is not there
    assert "JsonValue" not in types  # it refuses nothing and makes many kinds of values


async def test_every_task_stands_on_its_own(types: dict[str, FieldType]) -> None:
    fields = named(DOMAINS[0], [types["ByteSize"], types["HttpUrl"], types["Json[list[int]]"]])
    assert fields is not None and [field.name for field in fields] == ["volume", "page", "marks"]
    model = Model(DOMAINS[0], fields, None)
    names = set()
    for template in TEMPLATES:
        task = template(model)
        assert task is not None
        ast.parse(
            "\n".join([f"def {task.name}(given):", *(f"    {line}" for line in task.lines), f"    {task.result}"])
        )
        ast.parse(task.returns, mode="eval")
        names.add(task.name)
    assert len(names) == len(TEMPLATES)
    clean = records(model, 20, Random(1), faults=0.0)
    taken = {field.name: [value for value, _ in field.type.taken] for field in fields}
    assert all(one[name] in values for one in clean for name, values in taken.items())
    assert any(set(one) < {"name", *taken} for one in records(model, 40, Random(1), faults=0.6))
    assert named(DOMAINS[0], [types["HttpUrl"], types["HttpUrl"]]) is None


async def test_what_is_woven_is_accepted(world: World) -> None:
    found = await woven(world, 1, WANTED)
    environment = await world.sandbox.environment(world.knowledge.libraries())
    guardian, novelty = Guardian(world.sandbox, world.knowledge, Settings().guardian), NoveltyIndex()
    assert len({one.scenario.pattern for one in found}) > 1
    for one in found:
        assert one.reference is not None
        used = {use.name for use in one.scenario.uses_api}
        assert "pydantic.BaseModel" in used and len(used) >= 4
        assert one.scenario.knowledge.relations and one.scenario.knowledge.quotes
        assert one.scenario.signature in one.reference.solution
        verdict = await guardian.judge(one.scenario, one.reference, environment, novelty)
        assert verdict.accepted, (one.scenario.title, verdict.stopped_by)
    again = await woven(world, 1, WANTED)
    assert [one.scenario.id for one in again] == [one.scenario.id for one in found]


async def test_without_pydantic_it_weaves_nothing(world: World) -> None:
    weaver = RecordedWeaver(world.knowledge, world.sandbox, Settings(), families=[ModelFamily()])
    assert [one async for one in weaver.weave(WeaveRequest(libraries=(), seed=1))] == []
