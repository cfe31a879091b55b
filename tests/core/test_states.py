"""The closed list of reasons is complete: every one has words, and every fault has a fix."""

from __future__ import annotations

import pytest

from dreamer_app.core.states import Force, SuspendReason


@pytest.mark.parametrize("reason", list(SuspendReason))
def test_every_reason_ends_the_sentence(reason: SuspendReason) -> None:
    assert reason.text
    assert not reason.text.endswith(".")
    assert not reason.fix or reason.fix.endswith(".")


def test_what_a_person_can_mend_says_how() -> None:
    assert [reason for reason in SuspendReason if reason.force is Force.FAULT and not reason.fix] == []
