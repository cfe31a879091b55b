"""What the API says about itself and the program, without asking the program's own thread."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from dreamer_app import __version__
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.service.running import RunningStatus

API_VERSION = 1


class Sight:
    """Tells the status.

    Args:
        paths: The base folder.
        port: The loopback port, None when there is none.
        problem: Why there is none although one is wanted.

    Attributes:
        port: The same.
    """

    def __init__(self, paths: DataPaths, port: int | None, problem: str) -> None:
        self.port = port
        self._base = str(paths.base)
        self._url = f"http://127.0.0.1:{port}" if port else None
        self._problem = problem

    def status(self, snapshot: Snapshot) -> RunningStatus:
        """Everything about the running program."""
        return RunningStatus(
            api=API_VERSION,
            version=__version__,
            pid=os.getpid(),
            base=self._base,
            url=self._url,
            problem=self._problem,
            snapshot=snapshot,
        )


def metrics(snapshot: Snapshot) -> str:
    """A snapshot in Prometheus' text format. What is unknown is left out, never zero."""
    return "\n".join(_lines(snapshot)) + "\n"


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield from _family("dreamer_info", "Version of the program.", [(f'{{version="{__version__}"}}', 1)])
    states = [(f'{{state="{state.value}"}}', int(state is snapshot.state)) for state in DreamerState]
    yield from _family("dreamer_state", "1 for the present state.", states)
    reasons = [(f'{{reason="{reason.value}"}}', 1) for reason in snapshot.reasons]
    yield from _family("dreamer_suspend_reason", "Reasons that hold against dreaming now.", reasons)
    gauges: list[tuple[str, str, float | None]] = [
        ("dreamer_since_timestamp_seconds", "When the present state began.", snapshot.since.timestamp()),
        ("dreamer_workers", "Workers at work.", snapshot.workers),
        ("dreamer_workers_wanted", "Workers that the policy allows.", snapshot.workers_wanted),
        ("dreamer_night_verified", "Dreams verified in the night under way.", snapshot.verified),
        ("dreamer_dreams_to_review", "Verified dreams that nobody has decided about.", snapshot.to_review),
        ("dreamer_cpu_temperature_celsius", "Processor temperature.", snapshot.cpu_celsius),
        ("dreamer_gpu_temperature_celsius", "Temperature of the hottest graphics card.", snapshot.gpu_celsius),
        ("dreamer_power_watts", "Electric power.", snapshot.watts),
    ]
    for name, text, value in gauges:
        yield from _family(name, text, [] if value is None else [("", value)])


def _family(name: str, text: str, samples: Sequence[tuple[str, float]]) -> Iterator[str]:
    if samples:
        yield f"# HELP {name} {text}"
        yield f"# TYPE {name} gauge"
        yield from (f"{name}{labels} {value}" for labels, value in samples)
