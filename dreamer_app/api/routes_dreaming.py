"""Routes that steer: each is a verb of the resident program and answers with what it does afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, model_validator

from dreamer_app.api.parts import ApiParts
from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.core.errors import UsageError
from dreamer_app.core.states import Snapshot, SuspendReason
from dreamer_app.core.types import Frozen

LONGEST_PAUSE = 60 * 24 * 366


class Pause(Frozen):
    """How long not to dream; without both, until `resume`.

    Attributes:
        minutes: From now.
        until: A moment with its time zone.
    """

    minutes: float | None = Field(None, gt=0, le=LONGEST_PAUSE)
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one(self) -> Pause:
        if self.minutes is not None and self.until is not None:
            raise ValueError("minutes and until exclude each other")
        return self

    def end(self, now: datetime) -> datetime | None:
        """When the pause ends."""
        if self.minutes is not None:
            return now + timedelta(minutes=self.minutes)
        return self.until


class Switch(Frozen):
    """On or off.

    Attributes:
        on: Which.
    """

    on: bool


def router(parts: ApiParts, line: ResidentLine) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["dreaming"])

    @routes.post("/wake")
    async def wake() -> Snapshot:
        """Give the computer back at once, as any request does, and answer when that is done."""
        return await line.ask(lambda resident: resident.wake(SuspendReason.API_REQUEST))

    @routes.post("/now")
    async def now() -> Snapshot:
        """Start dreaming at once."""
        return await line.ask(lambda resident: resident.dream_now())

    @routes.post("/stop")
    async def stop() -> Snapshot:
        """End the night now."""
        return await line.ask(lambda resident: resident.stop())

    @routes.post("/finish")
    async def finish() -> Snapshot:
        """End the night after the dreams under way."""
        return await line.ask(lambda resident: resident.finish())

    @routes.post("/pause")
    async def pause(wanted: Pause | None = None) -> Snapshot:
        """Do not dream for some minutes, until a moment, or until `resume`."""
        end = wanted.end(datetime.now(UTC)) if wanted else None
        return await line.ask(lambda resident: resident.pause(end))

    @routes.post("/resume")
    async def resume() -> Snapshot:
        """End a pause."""
        return await line.ask(lambda resident: resident.resume())

    @routes.post("/keep-dreaming")
    async def keep_dreaming(switch: Switch) -> Snapshot:
        """Go on with one worker while somebody uses the computer; heat, battery and games still stop it."""
        return await line.ask(lambda resident: resident.keep_dreaming(on=switch.on))

    @routes.post("/show")
    async def show() -> Snapshot:
        """Bring the window to the front."""
        if parts.show is None:
            raise UsageError("There is no window", "This Dreamer runs without a desktop.", "Use `dreamer journal`.")
        line.run_there(parts.show)
        return line.snapshot

    @routes.post("/quit")
    async def quit_program() -> Snapshot:
        """End the program; nothing of it is at work when this answers."""
        return await line.ask(lambda resident: resident.shut_down())

    return routes
