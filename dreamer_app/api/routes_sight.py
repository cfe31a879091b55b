"""Routes that only look at the running program: status, metrics, energy."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.api.sight import Sight, metrics
from dreamer_app.core.types import Frozen
from dreamer_app.service.running import RunningStatus

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Energy(Frozen):
    """What the computer spends; None is unknown, never zero.

    Attributes:
        cpu_celsius: Processor temperature.
        gpu_celsius: Temperature of the hottest graphics card.
        watts: Electric power.
        workers: Workers at work.
        workers_wanted: Workers that temperature, power and load allow.
    """

    cpu_celsius: float | None
    gpu_celsius: float | None
    watts: float | None
    workers: int
    workers_wanted: int


def router(line: ResidentLine, sight: Sight) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["sight"])

    @routes.get("/status")
    async def status() -> RunningStatus:
        """What The Dreamer does, and why it does not dream. Does not wake."""
        return sight.status(line.snapshot)

    @routes.get("/metrics", response_class=PlainTextResponse)
    async def prometheus() -> PlainTextResponse:
        """The same in figures, for Prometheus. Does not wake."""
        return PlainTextResponse(metrics(line.snapshot), media_type=PROMETHEUS)

    @routes.get("/energy")
    async def energy() -> Energy:
        """Temperatures, power and workers."""
        return Energy.model_validate(line.snapshot.model_dump(include=set(Energy.model_fields)))

    return routes
