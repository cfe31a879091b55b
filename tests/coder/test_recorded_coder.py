from __future__ import annotations

import pytest

from dreamer_app.coder.recorded_coder import RecordedCoder
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.types import WovenScenario
from tests.builders import scenario, woven


async def test_it_hands_over_the_reference_unchanged() -> None:
    given = woven()
    assert given.reference is not None
    assert (await RecordedCoder().solve(given)).candidate is given.reference


async def test_it_invents_nothing() -> None:
    with pytest.raises(DreamerError, match="not woven from code"):
        await RecordedCoder().solve(WovenScenario(scenario=scenario()))
