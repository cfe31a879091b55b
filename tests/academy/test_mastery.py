"""Learned is said only when the interval excludes zero."""

from __future__ import annotations

import pytest

from dreamer_app.academy.mastery import Mastery, difference
from tests.builders import WHEN


def mastery(outcomes: list[tuple[bool, bool]]) -> Mastery:
    return Mastery(
        library="toolz", version="1", model="m", measured_at=WHEN, lessons=3, difference=difference(outcomes)
    )


def test_many_gains_without_losses_are_learning() -> None:
    found = mastery([(False, True)] * 12 + [(True, True)] * 8 + [(False, False)] * 10)
    assert found.difference.learned and found.difference.value == 0.4 and found.difference.low > 0
    assert found.sentence.startswith("Learned toolz: 8 of 30 sealed tasks without lessons, 20 with them")


@pytest.mark.parametrize(
    "outcomes",
    [[(False, True)] * 2, [(False, True)] * 6 + [(True, False)] * 4 + [(True, True)] * 10, [(True, True)] * 50],
)
def test_few_tasks_and_mixed_outcomes_are_not(outcomes: list[tuple[bool, bool]]) -> None:
    found = mastery(outcomes)
    assert not found.difference.learned and found.difference.low <= 0
    assert found.sentence.startswith("Not shown")


def test_nothing_measured_is_no_difference() -> None:
    with pytest.raises(ValueError, match="nothing"):
        difference([])
