from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from dreamer_app.academy.record import folders, read_record
from dreamer_app.academy.selection import ExportOrder, outline_of
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.solving import NearMiss
from dreamer_app.core.types import Candidate, Dream, DreamState, Review, Scenario
from dreamer_app.guardian.mutation.noticed import KEPT, noticed_in
from dreamer_app.service.academy import Academy
from dreamer_app.service.exporting import JournalDreams
from dreamer_app.store.proven_task import proven_task
from dreamer_app.store.store import Store
from tests import builders
from tests.house.tracked import ROOT
from tests.service.fakes import FakeGraph


@pytest.fixture
def store():
    opened = Store(None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def proved() -> Dream:
    """A real dream with the receipts of its proof."""
    [folder] = folders(ROOT / "tests" / "planted" / "example")
    return read_record(folder)


def academy(store: Store) -> Academy:
    return Academy(store, lambda: FakeGraph(()), SystemClock())


def again(dream: Dream, n: int) -> Dream:
    """The same dream under another identifier."""
    scenario: Scenario = dream.scenario.model_copy(update={"prompt": f"{dream.scenario.prompt} {n}"})
    return dream.model_copy(update={"id": scenario.id, "scenario": scenario})


def test_a_stream_gives_every_verified_dream_whole_and_in_order(
    store: Store, proved: Dream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dreamer_app.store.streaming.PAGE", 3)
    for n in range(8):
        store.dreams.adopt(again(proved, n))
    store.dreams.begin(builders.running(1))
    store.dreams.settle(builders.failed(1))
    kept = [store.dreams.get(identifier) for identifier in sorted(store.dreams.ids(DreamState.VERIFIED))]
    journal = JournalDreams(store)
    found = list(journal.tasks(gates=True))
    assert found == [proven_task(dream, gates=True) for dream in kept if dream is not None]
    assert len(found) == 8 and found[0].gates
    assert list(journal.tasks(after=found[5].id)) == [one._replace(gates=()) for one in found[6:]]
    for licenses in (False, True):
        outlines = [replace(one, apis=frozenset(one.apis)) for one in journal.outlines(licenses=licenses)]
        assert outlines == [outline_of(dream, licenses=licenses) for dream in kept if dream is not None]


def with_evidence(dream: Dream, **evidence) -> Dream:
    """The same dream with something else in the receipt of its mutants."""
    receipts = tuple(
        one.model_copy(update={"evidence": {k: v for k, v in (one.evidence | evidence).items() if v is not None}})
        if one.gate == "G9"
        else one
        for one in dream.verdict.receipts
    )
    return dream.model_copy(update={"verdict": dream.verdict.model_copy(update={"receipts": receipts})})


def test_a_killed_mutant_is_the_proven_solution_with_one_change(store: Store, proved: Dream) -> None:
    store.dreams.adopt(proved)
    [wrong] = JournalDreams(store).wrong([proven_task(proved)])
    assert wrong is not None and wrong.kind == "mutant"
    assert ast.dump(ast.parse(wrong.right)) == ast.dump(ast.parse(proved.candidate.solution))
    changed = [
        pair for pair in zip(wrong.right.splitlines(), wrong.solution.splitlines(), strict=True) if len(set(pair)) > 1
    ]
    assert len(changed) == 1 and changed[0][1] in wrong.reason


def test_a_receipt_that_kept_no_mutant_has_it_made_again_once(
    store: Store, proved: Dream, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "dreamer_app.service.exporting.noticed_in", lambda dream: asked.append(dream.id) or noticed_in(dream)
    )
    old, hopeless = (
        with_evidence(again(proved, 1), kept_mutant=None),
        with_evidence(again(proved, 2), kept_mutant=None, unknown=1),
    )
    tasks = [proven_task(one) for one in (proved, old, hopeless)]
    for dream in (proved, old, hopeless):
        store.dreams.adopt(dream)
    found = [JournalDreams(store).wrong(tasks) for _ in range(2)]
    assert found[0] == found[1] and found[0][1] is not None and found[0][2] is None
    assert set(asked) == {old.id, hopeless.id} and len(asked) == 2
    evidence = next(one.evidence for one in proved.verdict.receipts if one.gate == "G9")
    assert evidence[KEPT] == noticed_in(with_evidence(proved, kept_mutant=None))


def test_nothing_is_made_up_when_the_receipt_does_not_say_what_was_noticed(proved: Dream) -> None:
    old = with_evidence(proved, kept_mutant=None)
    assert noticed_in(old) is not None
    assert noticed_in(with_evidence(old, unknown=1)) is None
    assert noticed_in(with_evidence(old, executed=10_000)) is None
    assert noticed_in(builders.verified(1)) is None


def test_a_candidate_that_failed_when_it_ran_is_worth_more_than_a_mutant(store: Store, proved: Dream) -> None:
    store.dreams.adopt(proved)
    slip = Candidate(solution=proved.candidate.solution.replace("minimum]", "minimum + 1]"), coder="model:small")
    for gate in ("G1", "G5"):
        attempt = store.attempts.begin(proved.id, slip, proved.created_at, "again")
        store.attempts.close(attempt, builders.verdict(stopped_by=gate if gate == "G5" else "G0"))
    [wrong] = JournalDreams(store).wrong([proven_task(proved)])
    assert (wrong.kind, wrong.solution, wrong.reason) == ("attempt", slip.solution, "G5 clean run")


def test_an_answer_that_its_coder_discarded_is_worth_more_than_a_mutant(store: Store, proved: Dream) -> None:
    store.dreams.adopt(proved)

    def miss(change: str, *failed: str) -> NearMiss:
        solution = proved.candidate.solution.replace("minimum]", change)
        candidate = Candidate(solution=solution, coder="model:small")
        return NearMiss(candidate=candidate, stage="tests", reason="AssertionError", failed_tests=failed)

    far, near, same = miss("0]", "test_a", "test_b"), miss("minimum + 1]", "test_b"), miss("minimum]", "test_c")
    store.attempts.keep_near_misses(proved.id, [far, same, near, miss("???")], proved.created_at)
    [wrong] = JournalDreams(store).wrong([proven_task(proved)])
    assert (wrong.kind, wrong.solution, wrong.reason) == ("attempt", near.candidate.solution, "fails test_b")
    assert wrong.right == proved.candidate.solution


def test_an_export_reads_the_journal(store: Store, proved: Dream, tmp_path: Path) -> None:
    approved, rejected = again(proved, 1), again(proved, 2)
    for dream in (approved, rejected):
        store.dreams.adopt(dream)
    store.reviews.decide(rejected.id, Review.REJECTED)
    report = academy(store).export(ExportOrder(format="dpo"), tmp_path)
    [row] = [json.loads(line) for line in Path(report.file).read_text(encoding="utf-8").splitlines()]
    assert row["dream_id"] == approved.id and report.rejected == 1
    card = academy(store).export(ExportOrder(format="huggingface"), tmp_path).file
    assert "| G9 | coverage and mutation | 2 | 2 | 0 |" in (Path(card) / "README.md").read_text(encoding="utf-8")
