"""Which brake this computer has: the rungs are tried from the best downwards, and the first that holds is taken.

Own control group, brake container over its own socket, brake container over the engine's stream. Below them there is
nothing to choose: the sandbox cancels, pauses and kills one by one, which it does beside every brake anyway.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sandbox.brake.figure import BrakeFigure
from dreamer_app.sandbox.brake.own_group import OwnGroup
from dreamer_app.sandbox.docker.brake_container import BrakeMaker
from dreamer_app.sandbox.docker.engine import EngineFacts
from dreamer_app.sandbox.docker.self_test import (
    BrakeRefusedError,
    Subject,
    container_subject,
    native_subject,
    try_out,
)
from dreamer_app.sandbox.docker.slice import Slice

_log = logging.getLogger(__name__)

GROUP_SECONDS = 2.0
"""Longest wait for the kernel to show the group of a container that has been started."""

Open = Callable[[], Brake]
Rung = Literal["own", "socket", "attached"]
RUNGS: tuple[Rung, ...] = ("own", "socket", "attached")


class Ladder:
    """Finds the brake.

    Args:
        slice_: What is braked.
        facts: Of the engine.
        maker: Starts what the lower rungs need.
        clock: For the date of the figure.
        rungs: To be tried, in this order.
    """

    def __init__(
        self, slice_: Slice, facts: EngineFacts, maker: BrakeMaker, clock: Clock, rungs: Sequence[Rung] = RUNGS
    ) -> None:
        self._wanted = rungs
        self._slice = slice_
        self._facts = facts
        self._maker = maker
        self._clock = clock

    def choose(self) -> tuple[Brake | None, BrakeFigure]:
        """The best brake that holds, tried out, with its figure; blocking.

        Whatever an earlier session left in the group is killed, and a group that was left frozen is thawed, because
        nothing can start under a frozen parent.
        """
        refused: list[str] = []
        for open_rung in self._rungs():
            brake: Brake | None = None
            try:
                brake = open_rung()
                kills = brake.kill()
                brake.thaw()
                stopped, still = self._try(brake)
            except (InfrastructureError, BrakeRefusedError, OSError) as error:
                refused.append(f"{brake.name if brake else 'brake container'}: {error}")
                if brake is not None:
                    brake.close()
                continue
            figure = BrakeFigure(
                rung=brake.name,
                stopped_ms=None if stopped is None else round(stopped, 3),
                still_ms=round(still, 3),
                kills=kills,
                at=self._clock.now(),
                refused=tuple(refused),
            )
            return brake, figure
        for reason in refused:
            _log.warning("no brake: %s", reason)
        at = self._clock.now()
        return None, BrakeFigure(rung="", stopped_ms=None, still_ms=None, kills=False, at=at, refused=tuple(refused))

    def _rungs(self) -> Iterator[Open]:
        if self._slice.group is None:
            return
        writable = self._slice.prepare()
        for rung in self._wanted:
            if rung == "own" and writable:
                yield self._own
            elif rung == "socket" and not self._slice.elsewhere:
                yield lambda: self._anchored().socket_line()
            elif rung == "attached":
                yield lambda: self._anchored().attached_line()

    def _own(self) -> Brake:
        if self._slice.systemd:
            self._anchored()
        group = self._slice.group
        assert group is not None
        return OwnGroup(group._replace(spare=self._maker.spare))

    def _anchored(self) -> BrakeMaker:
        """The maker, once the group is there and stays.

        Raises:
            InfrastructureError: The engine refuses.
        """
        if not self._maker.spare:
            self._maker.anchor(self._facts)
            deadline = time.monotonic() + GROUP_SECONDS
            while not self._slice.elsewhere and not self._slice.visible and time.monotonic() < deadline:
                time.sleep(0.01)
        return self._maker

    def _try(self, brake: Brake) -> tuple[float | None, float]:
        if isinstance(brake, OwnGroup):
            with contextlib.suppress(OSError), native_subject(brake.group) as subject:
                return self._measure(brake, subject)
        with container_subject(self._maker) as subject:
            return self._measure(brake, subject)

    def _measure(self, brake: Brake, subject: Subject) -> tuple[float | None, float]:
        return try_out(brake, subject, one_clock=not self._slice.elsewhere)
