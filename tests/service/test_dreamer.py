from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from dreamer_app.academy.record import folder_of, read_record, write_record
from dreamer_app.core.errors import InfrastructureError, UsageError, WorkerLostError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState, NightEnd, Review
from dreamer_app.engine.wake import WakeReason
from dreamer_app.service.against import nightmares, target
from dreamer_app.service.dreamer import Dreamer, NightOrder
from dreamer_app.store.lock import BaseFolderLock
from tests import builders
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld

ORDER = NightOrder(libraries=("toolz",), dreams=3, seed=1)


class Bench:
    """A service over a temporary base folder."""

    def __init__(self, base: Path, world: FakeWorld | None = None) -> None:
        self.paths = DataPaths(base)
        self.world = world or FakeWorld()
        self.events: list = []
        self.dreamer = Dreamer(self.paths, self.world.workshop, self.events.append)

    def reopened(self) -> Dreamer:
        self.dreamer.close()
        self.dreamer = Dreamer(self.paths, self.world.workshop, self.events.append)
        return self.dreamer


@pytest.fixture
def bench(tmp_path: Path):
    bench = Bench(tmp_path)
    yield bench
    bench.dreamer.close()


async def test_a_night_reads_unknown_libraries_first_and_only_once(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    await bench.dreamer.night(ORDER)
    assert bench.world.ingested == ["pypi:toolz"]
    assert report.night.end is NightEnd.ENOUGH and len(report.dreams) == 3
    assert report.api_nodes == ("toolz.groupby",)
    assert report.night.seed == 1
    assert report.log == str(bench.paths.nights / f"{report.night.id}.log")
    assert all(folder_of(bench.paths.dreams, dream.id).is_dir() for dream in report.dreams)
    assert bench.world.opened == bench.world.closed == 2


async def test_another_version_of_a_library_is_read_anew(bench: Bench) -> None:
    await bench.dreamer.ingest(["pypi:toolz"])
    await bench.dreamer.night(NightOrder(libraries=("toolz==0.9",), dreams=1))
    assert bench.world.ingested == ["pypi:toolz", "pypi:toolz==0.9"]


async def test_without_names_a_night_is_about_everything_known(bench: Bench) -> None:
    with pytest.raises(UsageError, match="nothing to dream about"):
        await bench.dreamer.night(NightOrder(dreams=1))
    await bench.dreamer.ingest(["pypi:toolz", "pypi:boltons"])
    report = await bench.dreamer.night(NightOrder(dreams=1))
    assert [pin.name for pin in report.night.libraries] == ["toolz", "boltons"]


@pytest.mark.parametrize(
    "order",
    [NightOrder(libraries=("to olz",)), NightOrder(libraries=("toolz[x]",)), NightOrder(model="gpt", libraries=("a",))],
)
async def test_an_order_that_makes_no_sense_is_refused(bench: Bench, order: NightOrder) -> None:
    with pytest.raises(UsageError):
        await bench.dreamer.night(order)


async def test_a_night_waits_a_moment_for_the_folder_but_not_for_another_night(bench: Bench) -> None:
    lock = BaseFolderLock(bench.paths.lock)
    lock.acquire()
    asyncio.get_running_loop().call_later(0.2, lock.release)
    assert (await bench.dreamer.night(ORDER)).night.end is NightEnd.ENOUGH
    with BaseFolderLock(bench.paths.lock), pytest.raises(UsageError, match="Another night"):
        await bench.dreamer.night(ORDER)


async def test_reading_the_journal_leaves_a_live_night_alone(bench: Bench) -> None:
    reached = asyncio.Event()

    def answer(n: int):
        async def waits():
            reached.set()
            await asyncio.Event().wait()

        return waits()

    bench.world.judge = FakeJudge(answer)
    night = asyncio.create_task(bench.dreamer.night(ORDER))
    await reached.wait()
    other = Dreamer(bench.paths, bench.world.workshop)
    assert other.status().dreaming
    assert set(other.status().statistics.states) == {DreamState.RUNNING}
    other.close()
    bench.dreamer.wake_up(WakeReason.PRESENCE)
    report = await night
    assert report.night.end is NightEnd.WOKEN and bench.world.closed == 1
    assert not bench.dreamer.status().dreaming


async def test_waking_calls_off_what_comes_before_the_night(bench: Bench) -> None:
    async def never() -> None:
        asyncio.get_running_loop().call_soon(bench.dreamer.wake_up)
        await asyncio.Event().wait()

    bench.world.before_ingest = never
    task = asyncio.create_task(bench.dreamer.night(ORDER))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.world.opened == 0
    with BaseFolderLock(bench.paths.lock) as lock:
        assert lock.held


async def test_waking_who_does_nothing_does_nothing(bench: Bench) -> None:
    bench.dreamer.wake_up()
    assert (await bench.dreamer.night(ORDER)).night.end is NightEnd.ENOUGH
    bench.dreamer.wake_up()


async def test_the_whole_proof_is_run_again_from_the_folders(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    bench.world.judge.asked.clear()
    proofs = await bench.dreamer.verify([])
    assert {proof.dream_id for proof in proofs} == {dream.id for dream in report.dreams}
    assert all(proof.agreed and proof.gates == len(builders.GATES) for proof in proofs)
    assert sorted(bench.world.judge.asked) == [1, 2, 3]
    page = bench.dreamer.journal.show(proofs[0].dream_id)
    assert [(run.purpose, run.accepted) for run in page.attempts] == [("dream", True), ("again", True)]


async def test_verify_agrees_after_the_database_is_deleted(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    bench.dreamer.close()
    for file in bench.paths.base.glob("dreamer.sqlite*"):
        file.unlink()
    proofs = await bench.reopened().verify([])
    assert all(proof.agreed for proof in proofs) and len(proofs) == 3
    assert {line.id for line in bench.dreamer.journal.list()} == {dream.id for dream in report.dreams}


async def test_verify_notices_what_was_changed_damaged_or_is_rejected(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    edited, damaged, rejected = sorted(report.dreams, key=lambda dream: dream.scenario.title)
    (folder_of(bench.paths.dreams, edited.id) / "solution.py").write_text("def group(words):\n    return {}\n")
    (folder_of(bench.paths.dreams, damaged.id) / "dream.json").write_text("{}")
    number = {builders.scenario(n).id: n for n in (1, 2, 3)}[rejected.id]
    bench.world.judge = FakeJudge(lambda n: builders.verdict(stopped_by="G9") if n == number else None)
    proofs = {proof.dream_id: proof for proof in await bench.dreamer.verify([])}
    assert not any(proof.agreed for proof in proofs.values())
    assert proofs[edited.id].changed == ("solution.py",)
    assert "dream.json" in proofs[damaged.id].problem
    assert proofs[rejected.id].stopped_by.gate == "G9"
    assert bench.dreamer.journal.show(rejected.id).dream.state is DreamState.VERIFIED


async def test_verify_takes_beginnings_and_runs_only_those(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    [proof] = await bench.dreamer.verify([report.dreams[0].id[:8]])
    assert proof.dream_id == report.dreams[0].id
    with pytest.raises(UsageError, match="no such dream"):
        await bench.dreamer.verify(["ffff"])


async def test_verify_survives_a_lost_worker_but_not_all_of_them(bench: Bench) -> None:
    await bench.dreamer.night(ORDER)
    lost = []

    def once(n: int):
        lost.append(n)
        return WorkerLostError("lost", "gone") if lost.count(n) == 1 else None

    bench.world.judge = FakeJudge(once)
    assert all(proof.agreed for proof in await bench.dreamer.verify([]))
    bench.world.judge = FakeJudge(lambda n: WorkerLostError("lost", "gone"))
    with pytest.raises(WorkerLostError):
        await bench.dreamer.verify([])


async def test_dreams_of_an_earlier_version_are_proved_with_its_knowledge(bench: Bench) -> None:
    await bench.dreamer.night(NightOrder(libraries=("toolz",), dreams=1))
    await bench.dreamer.ingest(["pypi:toolz==2.0"])
    [proof] = await bench.dreamer.verify([])
    assert proof.agreed
    assert [pin.version for pin in bench.dreamer.graph().libraries()] == ["2.0"]


async def test_verify_reads_libraries_that_are_not_known_here(bench: Bench, tmp_path: Path) -> None:
    write_record(bench.paths.dreams, builders.verified())
    [proof] = await bench.reopened().verify([])
    assert proof.agreed and bench.world.ingested == ["pypi:toolz==1.0.0"]


async def test_nothing_to_verify_needs_no_worker(bench: Bench) -> None:
    assert await bench.dreamer.verify([]) == ()
    assert bench.world.opened == 0


async def test_opening_puts_the_folder_in_order(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    shutil.rmtree(folder_of(bench.paths.dreams, report.dreams[0].id))
    assert bench.reopened().recovery.rewritten == (report.dreams[0].id,)


async def test_a_decision_reaches_journal_and_folder(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    identifier = report.dreams[0].id
    journal = bench.dreamer.journal
    journal.decide(f"synthetic_training/dream_{identifier}/", Review.APPROVED, "good")
    assert read_record(folder_of(bench.paths.dreams, identifier)).review is Review.APPROVED
    assert journal.show(identifier).decisions[0].reason == "good"
    journal.undo()
    assert read_record(folder_of(bench.paths.dreams, identifier)).review is Review.PENDING
    with pytest.raises(UsageError, match="nothing to undo"):
        journal.undo()


async def test_identifiers_must_mean_one_dream(bench: Bench) -> None:
    await bench.dreamer.night(ORDER)
    for text in ("", "a", "zzzz", "%%%%"):
        with pytest.raises(UsageError, match="no such dream"):
            bench.dreamer.journal.resolve(text)


async def test_the_doctor_looks_at_this_machine_and_at_the_workers(bench: Bench) -> None:
    checks = {check.name: check for check in await bench.dreamer.doctor()}
    assert {"Python", "Base folder", "Disk", "Full-text search", "uv", "Docker engine"} <= set(checks)
    assert all(check.state == "ok" or check.fix for check in checks.values())


def test_a_base_folder_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InfrastructureError, match="base folder"):
        Dreamer(DataPaths(tmp_path / "file" / "base"), FakeWorld().workshop)


async def test_what_is_approved_is_a_lesson_until_it_is_taken_back(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    assert len(bench.dreamer.lessons) == 0
    dream = report.dreams[0]
    bench.dreamer.journal.decide(dream.id, Review.APPROVED)
    assert [hit.lesson.id for hit in bench.dreamer.lessons.search(dream.scenario.title)] == [dream.id]
    assert len(bench.reopened().lessons) == 1
    bench.dreamer.journal.undo()
    assert len(bench.dreamer.lessons) == 0


async def test_unreviewed_dreams_are_lessons_the_same_morning_where_that_is_wanted(bench: Bench) -> None:
    bench.paths.settings.write_text("[lessons]\nunreviewed = true\n", encoding="utf-8")
    await bench.reopened().night(ORDER)
    assert len(bench.dreamer.lessons) == 3
    bench.paths.settings.unlink()
    assert len(bench.reopened().lessons) == 0


async def test_a_night_is_told_what_a_person_has_to_do_with(bench: Bench) -> None:
    await bench.dreamer.ingest(["pypi:toolz"])
    bench.dreamer.academy.sow_wish("toolz")
    await bench.dreamer.night(ORDER)
    assert bench.world.weaver.requests[-1].interest == {"toolz": pytest.approx(0.7, abs=0.01)}


async def test_dreams_are_proved_under_another_version_and_nothing_of_it_is_kept(bench: Bench) -> None:
    report = await bench.dreamer.night(ORDER)
    bench.world.judge = FakeJudge(lambda n: builders.verdict(stopped_by="G5") if n == 1 else None)
    proofs = await bench.dreamer.verify([], 1, target("toolz==0.9"))
    assert "pypi:toolz==0.9" in bench.world.ingested
    assert [proof.agreed for proof in proofs].count(False) == 1
    assert {proof.libraries for proof in proofs} == {("toolz 0.9",)}
    assert all(len(bench.dreamer.journal.show(dream.id).attempts) == 1 for dream in report.dreams)
    assert await bench.dreamer.verify([], 1, target("textual==1.0")) == ()
    text = nightmares(proofs, report.dreams, target("toolz==0.9"))
    [broken] = [proof for proof in proofs if not proof.agreed]
    assert "2 of 3 dreams still hold" in text and f"pytest dream_{broken.dream_id}" in text and "G5 clean run" in text
    for vague in ("toolz", "toolz>=1", "toolz==1.*", "=="):
        with pytest.raises(UsageError):
            target(vague)
