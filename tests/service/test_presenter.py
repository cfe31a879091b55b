"""State and reason to words, icon and what can be done, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.i18n import use_language
from dreamer_app.core.paths import resource
from dreamer_app.core.states import DreamerState, Force, Snapshot, SuspendReason
from dreamer_app.service.presenter import Verb, moment, present

NOW = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language belongs to the whole program."""
    use_language("en")
    yield
    use_language("en")


def snapshot(state: DreamerState, **fields: object) -> Snapshot:
    """A snapshot since an hour."""
    return Snapshot(state=state, since=NOW - timedelta(hours=1), **fields)


DREAMING = snapshot(
    DreamerState.DREAMING,
    libraries=("httpx", "pydantic"),
    verified=12,
    workers=2,
    workers_wanted=3,
    cpu_celsius=61.4,
    to_review=8,
)
HALF_PAST_TWO = NOW + timedelta(hours=1, minutes=30)


@pytest.mark.parametrize(
    ("shown", "headline", "detail", "verb"),
    [
        (
            snapshot(DreamerState.AWAKE, reasons=(SuspendReason.USER_ACTIVE,)),
            "Awake",
            "someone is using the computer",
            Verb.DREAM_NOW,
        ),
        (
            snapshot(DreamerState.AWAKE, next_dream=NOW + timedelta(hours=10)),
            "Awake",
            "next dream about 23:00",
            Verb.DREAM_NOW,
        ),
        (
            snapshot(DreamerState.DROWSY, next_dream=NOW + timedelta(minutes=4)),
            "Asleep in 4 min",
            "",
            Verb.DREAM_NOW,
        ),
        (DREAMING, "Dreaming — 12 verified tonight", "httpx × pydantic · 2 of 3 workers · 61 °C", Verb.STOP),
        (snapshot(DreamerState.WAKING), "Waking…", "", Verb.NOTHING),
        (snapshot(DreamerState.PAUSED, until=HALF_PAST_TWO), "Paused until 14:30", "", Verb.RESUME),
        (snapshot(DreamerState.PAUSED, until=NOW + timedelta(days=2)), "Paused until Fri 13:00", "", Verb.RESUME),
        (snapshot(DreamerState.PAUSED), "Paused until you resume", "", Verb.RESUME),
        (
            snapshot(DreamerState.BLOCKED, reasons=(SuspendReason.MODEL_UNAVAILABLE,)),
            "Not dreaming: the model does not answer",
            "Start the model server.",
            Verb.FIX,
        ),
        (
            snapshot(DreamerState.BLOCKED, reasons=(SuspendReason.CPU_HOT,)),
            "Not dreaming: the processor is hot",
            "Let it cool, or use fewer workers.",
            Verb.DREAM_NOW,
        ),
    ],
)
def test_every_state_in_words(shown: Snapshot, headline: str, detail: str, verb: Verb) -> None:
    view = present(shown, NOW)
    assert (view.headline, view.detail, view.verb) == (headline, detail, verb)


def test_polish_counts_and_names_the_reason() -> None:
    use_language("pl")
    assert present(DREAMING, NOW).headline == "Śnię — 12 zweryfikowanych tej nocy"
    assert present(DREAMING.model_copy(update={"verified": 2}), NOW).headline == "Śnię — 2 zweryfikowane tej nocy"
    assert present(DREAMING, NOW).journal.endswith("(8 do przejrzenia)")
    blocked = snapshot(DreamerState.BLOCKED, reasons=(SuspendReason.SANDBOX_UNAVAILABLE,))
    assert present(blocked, NOW).headline == "Nie śnię: kontenery nie mogą wystartować"


def test_every_state_has_a_silhouette_of_its_own() -> None:
    drawings = {
        (resource("icons/tray") / f"{present(snapshot(state), NOW).icon}.svg").read_text(encoding="utf-8")
        for state in DreamerState
    }
    assert len(drawings) == len(DreamerState)


def test_the_journal_says_what_waits() -> None:
    assert "(8 to review)" in present(DREAMING, NOW).journal
    assert "review" not in present(snapshot(DreamerState.AWAKE), NOW).journal


def test_moments_are_said_in_the_persons_own_zone() -> None:
    assert moment(NOW, NOW.astimezone()) == f"{NOW.astimezone():%H:%M}"


REASONS = st.lists(st.sampled_from(SuspendReason), max_size=3).map(tuple)


@given(state=st.sampled_from(DreamerState), reasons=REASONS, finishing=st.booleans(), n=st.integers(0, 10_000))
def test_there_is_always_something_to_say_and_never_a_dead_end(
    state: DreamerState, reasons: tuple[SuspendReason, ...], finishing: bool, n: int
) -> None:
    shown = snapshot(state, reasons=reasons, finishing=finishing, verified=n, to_review=n)
    for language in ("en", "pl"):
        use_language(language)
        view = present(shown, NOW)
        assert view.headline
        assert view.toggle
        assert "{" not in view.tooltip
        assert (view.verb is Verb.NOTHING) == (state is DreamerState.WAKING)
        if view.verb is Verb.FIX:
            assert reasons[0].force is Force.FAULT
            assert view.fix
