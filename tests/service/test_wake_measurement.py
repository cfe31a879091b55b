"""`dreamer wake-test` over real workers: every stage is measured, and they are given back."""

from __future__ import annotations

import pytest

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import ignore
from dreamer_app.service.wake_figures import STAGES, figures
from dreamer_app.service.wake_test import measure_wake
from tests.sandbox.conftest import Workplace, base_folder, workplace  # noqa: F401  fixtures
from tests.sandbox.runs import states


@pytest.mark.docker
async def test_every_stage_is_measured(workplace: Workplace) -> None:  # noqa: F811
    sandbox = workplace.sandbox
    report = await measure_wake(sandbox, workplace.paths, SystemClock(), ignore, workers=2, cycles=2)
    assert tuple(report.stages) == STAGES
    assert [report.stages[stage].count for stage in STAGES] == [2, 2, 2, 2, 1]
    assert report.sentinel and report.brake == "own control group"
    assert not set((await states(sandbox)).values()) & {"running", "paused"}
    assert sandbox.brake is not None
    sandbox.brake = None
    with pytest.raises(InfrastructureError):
        await measure_wake(sandbox, workplace.paths, SystemClock(), ignore, workers=1, cycles=1)


def test_percentiles_are_of_the_nearest_rank() -> None:
    found = figures([float(n) for n in range(100, 0, -1)])
    assert (found.p50, found.p95, found.p99, found.max, found.count) == (50.0, 95.0, 99.0, 100.0, 100)
    assert figures([7.0]).p99 == 7.0
