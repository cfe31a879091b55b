from __future__ import annotations

import asyncio
import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError, UsageError, WorkerLostError
from dreamer_app.core.events import DreamJudged, NightEnded, NightStarted, ScenarioWoven, Warned
from dreamer_app.core.types import DreamState, NightEnd
from dreamer_app.engine import trial_run
from dreamer_app.engine.dream_engine import DreamEngine
from dreamer_app.engine.wake import WakeReason
from dreamer_app.store.lock import BaseFolderLock
from tests import builders
from tests.engine.fakes import FakeJudge, FakeWeaver, House, request


def _id(n: int) -> str:
    return builders.scenario(n).id


async def test_a_night_ends_when_there_are_enough_dreams(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(50))
    events = []
    night = await DreamEngine(house.parts(), events.append).enter_rem_phase(request(dreams=3, workers=2))
    assert night.end is NightEnd.ENOUGH
    assert night.figures["verified"] == 3 == len(house.store.dreams.ids(DreamState.VERIFIED))
    assert house.folders() == house.store.dreams.ids(DreamState.VERIFIED)
    assert set(house.judge.remembered) == house.folders()
    assert house.store.nights.get(night.id) == night
    assert isinstance(events[0], NightStarted) and isinstance(events[-1], NightEnded)
    assert {type(event) for event in events} >= {ScenarioWoven, DreamJudged}
    assert house.weaver.closed == 1


async def test_a_dream_carries_what_it_takes_to_repeat_it(tmp_path: Path) -> None:
    clock = ManualClock()

    def answer(n: int) -> None:
        clock.advance(2.5)

    house = House(tmp_path, FakeWeaver(1), FakeJudge(answer))
    night = await DreamEngine(replace(house.parts(), clock=clock)).enter_rem_phase(request())
    dream = house.store.dreams.get(_id(1))
    assert dream.requirements == ("pytest==9.0.0", "toolz==1.0.0")
    provenance = dream.provenance
    assert (provenance.environment, provenance.image, provenance.python) == ("env-1", "sha256:1", "3.11")
    assert (provenance.weaver, provenance.policy, provenance.seed) == ("fake 1", "p1", dream.scenario.seed)
    assert dream.night_id == night.id and dream.cost.seconds == 2.5


async def test_never_more_than_wanted_though_proofs_end_together(tmp_path: Path) -> None:
    gate = asyncio.Event()

    def answer(n: int):
        async def together():
            if len(house.judge.asked) == 4:
                gate.set()
            await gate.wait()
            return builders.verdict()

        return together()

    house = House(tmp_path, FakeWeaver(50), FakeJudge(answer))
    night = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=3, workers=4))
    assert (night.end, night.figures["verified"]) == (NightEnd.ENOUGH, 3)
    assert len(house.folders()) == 3


async def test_a_night_ends_when_there_is_nothing_new(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(2))
    night = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=9))
    assert (night.end, night.figures["verified"]) == (NightEnd.SATURATED, 2)


async def test_a_night_ends_when_time_is_up(tmp_path: Path) -> None:
    async def forever(n: int) -> None:
        await asyncio.Event().wait()

    house = House(tmp_path, FakeWeaver(2, forever))
    night = await DreamEngine(house.parts()).enter_rem_phase(request(minutes=0.0005))
    assert night.end is NightEnd.TIME
    assert house.weaver.closed == 1


async def test_a_rejected_dream_is_stored_with_its_receipts_and_no_folder(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(1), FakeJudge(lambda n: builders.verdict(stopped_by="G6")))
    night = await DreamEngine(house.parts()).enter_rem_phase(request())
    dream = house.store.dreams.get(_id(1))
    assert dream.state is DreamState.FAILED
    assert [receipt.gate for receipt in dream.verdict.receipts] == ["G0", "G5", "G6"]
    assert night.figures["stopped_by.G6"] == 1
    assert house.folders() == set()


async def test_nothing_is_dreamt_twice(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(4))
    await DreamEngine(house.parts()).enter_rem_phase(request(dreams=2))
    await DreamEngine(house.parts()).enter_rem_phase(request(dreams=2))
    assert sorted(house.judge.asked) == [1, 2, 3, 4]
    assert house.folders() == {_id(n) for n in (1, 2, 3, 4)}


async def test_waking_freezes_first_voids_the_trial_and_it_is_dreamt_again(tmp_path: Path) -> None:
    reached = asyncio.Event()

    def answer(n: int):
        async def waits():
            reached.set()
            await asyncio.Event().wait()

        return waits()

    house = House(tmp_path, FakeWeaver(3), FakeJudge(answer))
    engine = DreamEngine(house.parts())
    night = asyncio.create_task(engine.enter_rem_phase(request()))
    await reached.wait()
    assert house.store.dreams.ids(DreamState.RUNNING) == {_id(1)}
    for _ in range(3):
        threading.Thread(target=engine.wake_up, args=(WakeReason.PRESENCE,)).start()
    engine.wake_up(WakeReason.STOPPED)
    ended = await night
    assert ended.end in {NightEnd.WOKEN, NightEnd.STOPPED}
    assert len(house.sandbox.frozen) == 1
    assert house.store.dreams.ids(DreamState.INTERRUPTED) == {_id(1)}
    assert house.folders() == set() and house.weaver.closed == 1
    assert not engine.dreaming

    house.judge = FakeJudge()
    again = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=3))
    assert house.judge.asked[0] == 1 and again.figures["resumed"] == 1
    assert house.folders() == {_id(1), _id(2), _id(3)}


async def test_waking_someone_who_is_awake_does_nothing(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(1))
    engine = DreamEngine(house.parts())
    engine.wake_up()
    night = await engine.enter_rem_phase(request())
    assert night.end is NightEnd.SATURATED
    engine.wake_up()
    assert house.sandbox.frozen == []


async def test_waking_works_while_the_house_is_still_being_put_in_order(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(5))
    engine = DreamEngine(house.parts(), lambda event: engine.wake_up() if isinstance(event, NightStarted) else None)
    night = await engine.enter_rem_phase(request())
    assert night.end is NightEnd.WOKEN and house.sandbox.frozen == [WakeReason.PRESENCE.value]


@pytest.mark.parametrize("error", [WorkerLostError, InterruptedByWakeError])
async def test_a_lost_worker_or_a_frozen_one_means_the_trial_is_run_again(tmp_path: Path, error: type) -> None:
    times = []

    def answer(n: int):
        times.append(n)
        return error("lost", "gone") if len(times) < 3 else builders.verdict()

    house = House(tmp_path, FakeWeaver(1), FakeJudge(answer))
    night = await DreamEngine(house.parts()).enter_rem_phase(request())
    assert house.judge.asked == [1, 1, 1] and night.figures["verified"] == 1
    wanted = list(trial_run.PAUSES) if error is WorkerLostError else [trial_run.FROZEN_PAUSE] * 2
    assert house.slept == wanted


async def test_a_hundred_stops_change_no_dream(tmp_path: Path) -> None:
    """They hit the weaver and the proofs, several of them at a time and some again and again."""
    chance, stops = random.Random(7), []

    def stopped() -> bool:
        stops.append(chance.random() < 0.8)
        return stops[-1]

    async def before(_: int) -> None:
        if stopped():
            raise InterruptedByWakeError("Interrupted", "the mouse moved")

    def judged(n: int) -> object:
        return builders.verdict(stopped_by=None if n % 3 else "G5")

    def interrupted(n: int) -> object:
        return InterruptedByWakeError("Interrupted", "the mouse moved") if stopped() else judged(n)

    found = []
    for name, house in (
        ("peace", House(tmp_path / "peace", FakeWeaver(30), FakeJudge(judged))),
        ("stops", House(tmp_path / "stops", FakeWeaver(30, before), FakeJudge(interrupted))),
    ):
        night = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=99, workers=3))
        assert night.end is NightEnd.SATURATED, name
        found.append((house.folders(), house.store.dreams.ids(DreamState.FAILED), night.figures["verified"]))
    assert found[0] == found[1] and len(found[0][0]) == 20
    assert sum(stops) > 100


async def test_one_candidate_that_always_kills_its_worker_does_not_end_the_night(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(4), FakeJudge(lambda n: WorkerLostError("lost", "gone") if n == 2 else None))
    night = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=9))
    assert night.end is NightEnd.SATURATED
    assert (night.figures["verified"], night.figures["void"], night.figures["interrupted"]) == (3, 1, 1)
    assert house.store.dreams.ids(DreamState.FAILED) == frozenset()


async def test_workers_that_are_always_lost_end_the_night_honestly(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(9), FakeJudge(lambda n: WorkerLostError("lost", "gone")))
    night = await DreamEngine(house.parts()).enter_rem_phase(request())
    assert night.end is NightEnd.FAILED
    assert house.judge.asked == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert house.store.dreams.ids(DreamState.FAILED) == frozenset()


async def test_broken_infrastructure_ends_the_night_after_a_few_tries(tmp_path: Path) -> None:
    events = []
    house = House(
        tmp_path, FakeWeaver(9), FakeJudge(lambda n: InfrastructureError("Docker died", "no answer", "start"))
    )
    night = await DreamEngine(house.parts(), events.append).enter_rem_phase(request())
    assert night.end is NightEnd.FAILED and house.judge.asked == [1, 1, 1]
    assert [event.message for event in events if isinstance(event, Warned)] == ["no answer"] * 3


async def test_a_weaver_that_loses_its_worker_goes_on_where_it_was(tmp_path: Path) -> None:
    broken = []

    async def once(n: int) -> None:
        if n == 3 and not broken:
            broken.append(n)
            raise WorkerLostError("lost", "gone")

    house = House(tmp_path, FakeWeaver(4, once))
    night = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=9))
    assert night.end is NightEnd.SATURATED
    assert house.folders() == {_id(n) for n in (1, 2, 3, 4)}


async def test_a_weaver_that_cannot_work_ends_the_night_honestly(tmp_path: Path) -> None:
    async def never(n: int) -> None:
        raise InfrastructureError("no worker", "gone")

    house = House(tmp_path, FakeWeaver(4, never))
    assert (await DreamEngine(house.parts()).enter_rem_phase(request())).end is NightEnd.FAILED
    assert len(house.weaver.requests) == 3


async def test_a_full_disk_is_no_failed_dream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    house = House(tmp_path, FakeWeaver(4))
    monkeypatch.setattr(trial_run, "write_record", full)
    night = await DreamEngine(house.parts()).enter_rem_phase(request())
    assert night.end is NightEnd.FAILED
    assert house.store.dreams.ids(DreamState.INTERRUPTED) == {_id(1)}


async def test_a_fault_of_ours_voids_the_trial_and_the_night_goes_on(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(3), FakeJudge(lambda n: RuntimeError("our fault") if n == 1 else None))
    night = await DreamEngine(house.parts()).enter_rem_phase(request(dreams=9))
    assert (night.end, night.figures["verified"], night.figures["interrupted"]) == (NightEnd.SATURATED, 2, 1)


async def test_a_cancelled_night_is_closed_and_its_trial_void(tmp_path: Path) -> None:
    reached = asyncio.Event()

    def answer(n: int):
        async def waits():
            reached.set()
            await asyncio.Event().wait()

        return waits()

    house = House(tmp_path, FakeWeaver(3), FakeJudge(answer))
    task = asyncio.create_task(DreamEngine(house.parts()).enter_rem_phase(request()))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert house.store.nights.list()[0].end is NightEnd.STOPPED
    assert house.store.dreams.ids(DreamState.INTERRUPTED) == {_id(1)}


async def test_only_one_night_in_a_folder(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(1))
    with BaseFolderLock(house.paths.lock), pytest.raises(UsageError, match="Another night"):
        await DreamEngine(house.parts()).enter_rem_phase(request())
    assert (await DreamEngine(house.parts()).enter_rem_phase(request())).end is NightEnd.SATURATED


async def test_a_night_is_silent_but_for_its_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    house = House(tmp_path, FakeWeaver(2), FakeJudge(lambda n: WorkerLostError("lost", "gone") if n == 1 else None))
    night = await DreamEngine(house.parts()).enter_rem_phase(request())
    assert capfd.readouterr() == ("", "")
    [log] = house.paths.nights.iterdir()
    text = log.read_text(encoding="utf-8")
    assert log.name == f"{night.id}.log"
    assert f"judged {_id(2)} verified" in text and "gone" in text and "nothing new to dream about" in text


async def test_a_listener_that_breaks_its_promise_does_not_stop_the_night(tmp_path: Path) -> None:
    def raises(event: object) -> None:
        raise RuntimeError("a bad display")

    house = House(tmp_path, FakeWeaver(2))
    assert (await DreamEngine(house.parts(), raises).enter_rem_phase(request())).figures["verified"] == 2


async def test_a_smaller_night_proves_fewer_at_the_same_time_and_grows_again(tmp_path: Path) -> None:
    at_once, most = 0, []
    gate, some = asyncio.Event(), asyncio.Event()

    def answer(n: int):
        async def counts() -> None:
            nonlocal at_once
            at_once += 1
            most.append(at_once)
            some.set()
            await gate.wait()
            await asyncio.sleep(0)
            at_once -= 1

        return counts()

    house = House(tmp_path, FakeWeaver(9), FakeJudge(answer))
    engine = DreamEngine(house.parts())
    night = asyncio.create_task(engine.enter_rem_phase(request(dreams=9, workers=3)))
    engine.resize(1)
    await asyncio.sleep(0)
    engine.resize(1)
    await some.wait()
    gate.set()
    assert (await night).figures["verified"] == 9
    assert max(most) == 1


async def test_a_held_night_goes_on_where_it_stood(tmp_path: Path) -> None:
    judging, thawed = asyncio.Event(), asyncio.Event()

    def answer(n: int):
        async def waits():
            judging.set()
            if not thawed.is_set():
                await thawed.wait()
                raise InterruptedByWakeError("Interrupted", "the computer was needed")

        return waits()

    house = House(tmp_path, FakeWeaver(3), FakeJudge(answer))
    engine = DreamEngine(house.parts())
    night = asyncio.create_task(engine.enter_rem_phase(request(dreams=3)))
    await judging.wait()
    await engine.hold("someone is back")
    assert house.sandbox.frozen == ["someone is back"] and not night.done()
    thaws = house.sandbox.thawed
    await engine.go_on()
    thawed.set()
    ended = await night
    assert house.sandbox.thawed == thaws + 1
    assert ended.end is NightEnd.ENOUGH and ended.figures["verified"] == 3
