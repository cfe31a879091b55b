"""What every woven app must be like, whatever it was woven from: read here as text, run in test_app_night."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import combinations

import pytest

from dreamer_app.core.likeness import jaccard
from dreamer_app.sandbox.blind import blind
from dreamer_app.weaver.recorded_weaver.apps.catalogue import weave_catalogue
from dreamer_app.weaver.recorded_weaver.apps.collector import weave_collector
from dreamer_app.weaver.recorded_weaver.apps.domains import DOMAINS, Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import Draft
from dreamer_app.weaver.recorded_weaver.apps.gauge import weave_gauge
from dreamer_app.weaver.recorded_weaver.apps.tally import weave_tally
from dreamer_app.weaver.triviality import grams

KINDS = (weave_collector, weave_tally, weave_gauge, weave_catalogue)
SEEDS = range(60)
each_kind = pytest.mark.parametrize("weave", KINDS)


def drafts(weave: Callable[[Domain, int], Draft]) -> list[Draft]:
    return [weave(DOMAINS[seed % len(DOMAINS)], seed) for seed in SEEDS]


@each_kind
def test_a_seed_and_a_domain_mean_one_app(weave: Callable[[Domain, int], Draft]) -> None:
    for seed in (1, 2, 3):
        one, again = weave(DOMAINS[0], seed), weave(DOMAINS[0], seed)
        assert (one.solution(), one.tests(), one.rules) == (again.solution(), again.tests(), again.rules)


@each_kind
def test_the_solution_defines_what_is_pinned_and_every_name_that_it_uses(weave: Callable[[Domain, int], Draft]) -> None:
    for draft in drafts(weave):
        tree = ast.parse(draft.solution())
        apps = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == draft.name]
        assert len(apps) == 1 and draft.signature == f"class {draft.name}(App):"
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert imported <= loaded, f"{draft.tags}: {imported - loaded} imported for nothing"
        wanted = {name for name in loaded if name[0].isupper() and not name.isupper()}
        defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        assert wanted <= imported | defined, f"{draft.tags}: {wanted} never imported"


@each_kind
def test_there_are_four_to_seven_independent_tests_with_hidden_values(weave: Callable[[Domain, int], Draft]) -> None:
    for draft in drafts(weave):
        halves = blind(draft.tests())
        assert 4 <= len(halves.test_names) <= 7, draft.tags
        for name in halves.test_names:
            assert {expectation.kind for expectation in halves.of(name).values()} == {"record"}, draft.tags
            assert halves.of(name), f"{draft.tags}: {name} looks at nothing"


@each_kind
def test_the_task_tells_every_id_and_every_key_that_the_tests_use(weave: Callable[[Domain, int], Draft]) -> None:
    for draft in drafts(weave):
        told = "\n".join([*draft.screen, *draft.rules, *draft.demands])
        for widget in set(re.findall(r'query_one\("#([\w-]+)"', draft.tests())):
            assert f"`{widget}`" in told or f"#{widget}" in told or widget.capitalize() in told, (draft.tags, widget)
        for key in set(re.findall(r'press\("(f\d)"', draft.tests())):
            assert key.upper() in told, (draft.tags, key)


@each_kind
def test_one_seed_after_another_gives_other_apps(weave: Callable[[Domain, int], Draft]) -> None:
    found = [grams(draft.solution()) for draft in drafts(weave)]
    near = sum(jaccard(one, other) >= 0.7 for one, other in combinations(found, 2))
    assert near <= len(found), "more than one near duplicate for each app"


def test_at_least_a_third_of_all_apps_needs_rich_too() -> None:
    every = [draft for weave in KINDS for draft in drafts(weave)]
    both = [draft for draft in every if any(name.startswith("rich.") for name in draft.uses)]
    assert len(both) * 3 >= len(every)


def test_features_differ_widely() -> None:
    every = [draft for weave in KINDS for draft in drafts(weave)]
    assert len({name for draft in every for name in draft.uses}) >= 60
    assert len({tuple(draft.tags) for draft in every}) >= 150
