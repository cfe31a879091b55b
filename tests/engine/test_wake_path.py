"""The wake path needs no event loop, happens once, and keeps the time of every stage."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.states import SuspendReason
from dreamer_app.engine.wake_path import WakePath, WakeRecord
from dreamer_app.sandbox.sandbox import Halt


class Halting:
    """As much of a sandbox as the wake path touches."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.still: Future[float | None] = Future()
        self.paused: Future[float] = Future()

    def halt(self, reason: str) -> Halt | None:
        self.calls.append(f"halt {reason}")
        return Halt(time.monotonic(), self.still, self.paused)

    async def thaw(self) -> None:
        self.calls.append("thaw")

    async def release(self) -> None:
        self.calls.append("release")


class Answers:
    """Streams that only remember."""

    def __init__(self) -> None:
        self.aborted = False
        self.unloaded = 0

    def abort_all(self) -> None:
        self.aborted = True

    def allow(self) -> None:
        self.aborted = False

    async def release(self) -> None:
        self.unloaded += 1


class Sentinel:
    """A sentinel that only remembers."""

    def __init__(self) -> None:
        self.heeded: list[bool] = []
        self.thaws = 0

    def heed_input(self, *, on: bool) -> None:
        self.heeded.append(on)

    def thaw(self) -> bool:
        self.thaws += 1
        return True


async def test_from_any_thread_once_until_thawed() -> None:
    told: list[WakeRecord] = []
    sandbox, answers, sentinel = Halting(), Answers(), Sentinel()
    path = WakePath(ManualClock(), [answers], told.append, sentinel)
    path.attach(sandbox)  # type: ignore[arg-type]
    event = time.monotonic() - 0.01
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(path.trigger(SuspendReason.USER_ACTIVE, event, "mouse")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert sandbox.calls == ["halt user_active"] and answers.aborted and path.awake
    assert told == []
    sandbox.still.set_result(event + 0.02)
    sandbox.paused.set_result(event + 0.1)
    (record,) = told
    assert (record.reason, record.source) == (SuspendReason.USER_ACTIVE, "mouse")
    assert record.event_ms >= 10 and record.ordered_ms is not None and record.stream_ms is not None
    assert (record.stopped_ms, record.paused_ms, record.released_ms) == (20.0, 100.0, None)
    await path.release(SuspendReason.USER_ACTIVE)
    assert answers.unloaded == 1
    released = path.records[-1].released_ms
    assert released is not None and released >= 10
    await path.thaw()
    assert sandbox.calls[1:] == ["release", "thaw"] and sentinel.thaws == 1
    assert not answers.aborted and not path.awake
    assert path.trigger(SuspendReason.API_REQUEST)


async def test_without_workers_answers_are_cut_all_the_same() -> None:
    answers = Answers()
    path = WakePath(ManualClock())
    path.also(answers)
    assert path.trigger(SuspendReason.API_REQUEST) and answers.aborted
    assert path.records[-1].ordered_ms is None
    await path.release(SuspendReason.API_REQUEST)
    assert answers.unloaded == 0, "whoever asks for a model may mean this one"
    await path.release(SuspendReason.EXCLUSIVE_APP)
    assert answers.unloaded == 1
    path.attach(Halting())  # type: ignore[arg-type]
    assert not path.awake


def test_what_the_brake_cannot_say_is_not_guessed() -> None:
    sandbox, path = Halting(), WakePath(ManualClock())
    path.attach(sandbox)  # type: ignore[arg-type]
    path.trigger(SuspendReason.CPU_HOT)
    sandbox.still.set_result(None)
    sandbox.paused.set_exception(OSError())
    assert (path.records[-1].stopped_ms, path.records[-1].paused_ms) == (None, None)


def test_the_sentinel_is_told_only_of_changes() -> None:
    sentinel = Sentinel()
    path = WakePath(ManualClock(), sentinel=sentinel)
    for on in (True, False, False, True):
        path.heed_input(on=on)
    assert sentinel.heeded == [False, True]
