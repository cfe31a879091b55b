"""Silent mode: what a night has to say goes to one file of its own and nowhere else."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dreamer_app.core.events import (
    DreamJudged,
    Event,
    GatePassed,
    Listener,
    NightEnded,
    NightStarted,
    Progress,
    ScenarioWoven,
    Warned,
    WorkInterrupted,
)

_log = logging.getLogger(__name__)
_ROOT = "dreamer_app"


@contextmanager
def night_log(folder: Path, night_id: str) -> Iterator[Path]:
    """Send everything that our rooms log to `<folder>/<night_id>.log` (times in UTC) while the block runs.

    Raises:
        OSError: The file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{night_id}.log"
    handler = logging.FileHandler(file, encoding="utf-8")
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger(_ROOT)
    before = root.level, root.propagate
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False
    try:
        yield file
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        root.propagate = before[1]
        handler.close()


def logged(listener: Listener) -> Listener:
    """The same listener with every event in the night's log; one that breaks its promise not to raise is ignored."""

    def listen(event: Event) -> None:
        _log.info("%s", _line(event))
        try:
            listener(event)
        except Exception:
            _log.exception("a listener failed")

    return listen


def _line(event: Event) -> str:
    match event:
        case NightStarted(night=night):
            pins = ", ".join(f"{pin.name} {pin.version}" for pin in night.libraries)
            return f"night {night.id} begins: {pins}, seed {night.seed}"
        case ScenarioWoven():
            return f"woven {event.dream_id} {event.title!r}"
        case GatePassed(receipt=receipt):
            return f"gate {event.dream_id} {receipt.gate} {receipt.name}: {receipt.verdict} in {receipt.seconds:.3f} s"
        case DreamJudged(dream=dream):
            stopped = dream.verdict.stopped_by if dream.verdict else None
            why = f" by {stopped.gate} {stopped.name}: {stopped.evidence}" if stopped else ""
            return f"judged {dream.id} {dream.state}{why} in {dream.cost.seconds:.2f} s"
        case WorkInterrupted():
            return f"interrupted: {event.reason}"
        case NightEnded(night=night):
            return f"night {night.id} ends: {night.end}, {dict(night.figures)}"
        case Warned():
            return f"warning ({event.kind}): {event.message}"
        case Progress():
            return f"{event.task}: {event.step} {event.done}/{event.total if event.total is not None else '?'}"
