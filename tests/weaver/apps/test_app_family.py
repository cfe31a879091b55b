"""What the family of app dreams draws, keeps and writes; the loom is scripted, so that no worker is needed."""

from __future__ import annotations

import ast

from dreamer_app.core.types import WovenScenario
from dreamer_app.sandbox.blind import RECORD
from dreamer_app.sandbox.jobs import BatteryJob, VariantResult
from dreamer_app.weaver.recorded_weaver.apps.domains import DOMAINS
from dreamer_app.weaver.recorded_weaver.apps.family import AppFamily
from dreamer_app.weaver.recorded_weaver.apps.gauge import weave_gauge
from dreamer_app.weaver.recorded_weaver.apps.rehearsal import Rehearsal, without
from dreamer_app.weaver.recorded_weaver.apps.task import hollow, task_text
from tests.weaver.apps.world import RICH, TEXTUAL, Graph, ScriptedLoom, context, ran, well_behaved


async def first(count: int, graph: Graph, loom: ScriptedLoom | None = None, seed: int = 1) -> list[WovenScenario]:
    found: list[WovenScenario] = []
    stream = AppFamily().weave(context(graph, loom or ScriptedLoom(), seed))
    async for woven in stream:
        found.append(woven)
        if len(found) == count:
            break
    await stream.aclose()
    return found


async def test_scenarios_come_complete_and_in_the_same_order() -> None:
    graph = Graph(TEXTUAL, RICH)
    found, again = await first(12, graph), await first(12, graph)
    assert [one.scenario.id for one in found] == [one.scenario.id for one in again]
    assert len({one.scenario.id for one in found}) == 12
    for one in found:
        scenario, reference = one.scenario, one.reference
        assert reference is not None and scenario.kind == "app" and RECORD not in scenario.tests
        assert scenario.entry_point in scenario.prompt and scenario.title[0].isupper()
        assert {use.library for use in scenario.uses_api} == {pin.name for pin in scenario.libraries}
        assert 2 <= len(scenario.uses_api) <= 8
        assert scenario.triviality.necessary_apis == tuple(use.name for use in scenario.uses_api)


async def test_another_seed_draws_other_apps() -> None:
    graph = Graph(TEXTUAL, RICH)
    one = {woven.scenario.title for woven in await first(6, graph, seed=1)}
    other = {woven.scenario.title for woven in await first(6, graph, seed=2)}
    assert one != other


async def test_without_rich_only_textual_is_used() -> None:
    for woven in await first(8, Graph(TEXTUAL)):
        assert woven.reference is not None and "rich" not in woven.reference.solution.replace("RichLog", "")
        assert [pin.name for pin in woven.scenario.libraries] == ["textual"]


async def test_what_the_pinned_version_lacks_is_never_drawn() -> None:
    graph = Graph(TEXTUAL, RICH, missing=("textual.widgets.Select", "rich.table.Table"))
    for woven in await first(20, graph):
        assert woven.reference is not None
        names = {node.id for node in ast.walk(ast.parse(woven.reference.solution)) if isinstance(node, ast.Name)}
        assert not names & {"Select", "Table"}


async def test_other_libraries_are_none_of_its_business() -> None:
    assert await first(1, Graph(RICH)) == []


async def test_most_tasks_build_on_both_libraries() -> None:
    found = await first(24, Graph(TEXTUAL, RICH))
    assert sum(len(one.scenario.libraries) == 2 for one in found) * 3 >= len(found)


async def rehearsed(answer: object) -> Rehearsal:
    loom = ScriptedLoom(answer)  # type: ignore[arg-type]
    rehearsal = Rehearsal(loom)
    draft = weave_gauge(DOMAINS[0], 1)
    apis = [api for name in draft.uses if (api := Graph(TEXTUAL, RICH).api(name)) is not None]
    assert await rehearsal.rehearse(draft, apis) is None
    return rehearsal


async def test_an_app_that_is_not_the_same_twice_is_dropped() -> None:
    def answer(job: BatteryJob, variant: str) -> VariantResult:
        return ran(job, variant, lambda key: ["str", f"{variant} {key}"])

    assert (await rehearsed(answer)).dropped == {"two runs differ": 1}


async def test_an_app_with_a_line_that_no_test_reaches_is_dropped() -> None:
    def answer(job: BatteryJob, variant: str) -> VariantResult:
        return ran(job, variant, lambda key: ["str", key], missing=(12,))

    assert (await rehearsed(answer)).dropped == {"not every branch is taken": 1}


async def test_tests_that_pass_without_any_handler_are_dropped() -> None:
    def answer(job: BatteryJob, variant: str) -> VariantResult:
        return ran(job, variant, lambda key: ["str", key])

    assert (await rehearsed(answer)).dropped == {"passes without its handlers": 1}


async def test_an_app_that_does_not_run_is_dropped() -> None:
    def answer(job: BatteryJob, variant: str) -> VariantResult:
        good = well_behaved(job, variant)
        return good.model_copy(update={"status": "crashed", "error": "killed"})

    assert (await rehearsed(answer)).dropped == {"does not run": 1}


async def test_an_api_that_nobody_misses_is_not_part_of_the_task() -> None:
    def answer(job: BatteryJob, variant: str) -> VariantResult:
        if variant == "textual.reactive.reactive":
            return ran(job, variant, lambda key: ["str", f"seen at {key}"])
        return well_behaved(job, variant)

    draft = weave_gauge(DOMAINS[0], 1)
    apis = [api for name in draft.uses if (api := Graph(TEXTUAL, RICH).api(name)) is not None]
    found = await Rehearsal(ScriptedLoom(answer)).rehearse(draft, apis)
    assert found is not None and "textual.reactive.reactive" not in found.necessary
    assert "textual.geometry.clamp" in found.necessary


def test_an_api_is_taken_away_by_what_it_means() -> None:
    graph = Graph(TEXTUAL, RICH)
    method = "    def f(self, x: T) -> T:\n        return T('a').append('b')\n"
    source = f"from rich.text import Text as T\n\n\nclass A:\n{method}"
    by_class, by_method = graph.api("rich.text.Text"), graph.api("rich.text.Text.append")
    other = graph.api("rich.table.Table")
    assert by_class is not None and by_method is not None and other is not None
    assert "(1 / 0)('a').append('b')" in (without(source, by_class) or "")
    assert "x: T) -> T" in (without(source, by_class) or "")
    assert "return (1 / 0)('b')" in (without(source, by_method) or "")
    assert without(source, other) is None


def test_the_worked_example_shows_recorded_values_line_by_line() -> None:
    draft = weave_gauge(DOMAINS[0], next(n for n in range(99) if "a rich bar" in weave_gauge(DOMAINS[0], n).tags))
    text = task_text(draft, draft.tests().replace(RECORD, "['+--+', '| 7|']"), (TEXTUAL, RICH), ())
    assert "    ```text\n    +--+\n    | 7|\n    ```" in text
    assert "`textual` 8.2.8 and `rich` 15.0.0" in text


def test_an_app_to_complete_shows_its_screen_and_none_of_its_handlers() -> None:
    draft = weave_gauge(DOMAINS[0], 4)
    given = ast.parse(hollow(draft))
    app = next(node for node in given.body if isinstance(node, ast.ClassDef) and node.name == draft.name)
    bodies = {item.name: ast.unparse(item.body[0]) for item in app.body if isinstance(item, ast.FunctionDef)}
    assert "yield" in bodies.pop("compose")
    assert set(bodies.values()) == {"..."}
    draft.hole = True
    assert hollow(draft) in task_text(draft, draft.tests().replace(RECORD, "1"), (TEXTUAL,), ())
