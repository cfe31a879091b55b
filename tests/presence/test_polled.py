"""Windows and macOS, on traces of what their functions say."""

from __future__ import annotations

import pytest

from dreamer_app.presence.polled import LastInput, PolledSource, ticks_idle
from dreamer_app.presence.source import PresenceKind, SourceState
from tests.presence.listening import Listener, wait_active, wait_until

INPUT, QUIET = PresenceKind.INPUT, PresenceKind.QUIET

TRACES = {
    # time of the reading, seconds since the last input as the system says it -> facts, with the time of the input
    "one key, then nothing": (
        [(0, 60), (0.1, 60.1), (0.2, 0.05), (0.3, 0.15), (1.3, 1.15), (9, 8.85)],
        [(INPUT, -60), (QUIET, -60), (INPUT, 0.15), (QUIET, 0.15)],
    ),
    "typing": ([(0, 0), (0.1, 0.02), (0.2, 0.01)], [(INPUT, 0), (INPUT, 0.08), (INPUT, 0.19)]),
    "the tick goes back": ([(0, 0.5), (1, 5.0), (2, 6.0)], [(INPUT, -0.5), (QUIET, -0.5)]),
    "rounding is no input": ([(0, 2), (0.1, 2.06), (0.2, 2.18)], [(INPUT, -2), (QUIET, -2)]),
    "less than nothing": ([(0, -3), (0.1, 0.1)], [(INPUT, 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TRACES)
def test_traces(name: str) -> None:
    readings, facts = TRACES[name]
    last = LastInput()
    found = [fact for now, idle in readings for fact in last.reading(now, idle)]
    assert [kind for kind, _ in found] == [kind for kind, _ in facts]
    assert [at for _, at in found] == pytest.approx([at for _, at in facts])


@pytest.mark.parametrize(
    ("now", "last", "idle"), [(5000, 2000, 3.0), (1000, 2**32 - 1000, 2.0), (2000, 2500, 0.0), (7, 7, 0.0)]
)
def test_ticks_begin_anew_after_49_days(now: int, last: int, idle: float) -> None:
    assert ticks_idle(now, last) == idle


def test_it_asks_and_says_when_it_gets_no_answer() -> None:
    answers = [10.0, 0.0]
    source, heard = PolledSource("fake", lambda: answers[-1]), Listener()
    source.attend(closely=True)
    source.start(heard)
    wait_active(source)
    heard.wait(INPUT)
    source.stop()

    def fails() -> float:
        raise OSError("no session")

    broken = PolledSource("fake", fails)
    broken.start(heard)
    wait_until(lambda: "no session" in broken.status.detail)
    assert broken.status.state is SourceState.UNAVAILABLE
    broken.stop()
