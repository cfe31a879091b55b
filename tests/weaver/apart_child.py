"""The weaver's own program with a family of its own for tests: `python -m tests.weaver.apart_child`.

It weaves two scenarios, and asks for a run and tells of a step between them; after them it does what the seed means.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from dreamer_app.core.events import Progress
from dreamer_app.core.types import WovenScenario
from dreamer_app.sandbox.jobs import BatteryJob, Variant
from dreamer_app.weaver.recorded_weaver import apart_program
from dreamer_app.weaver.recorded_weaver.family import Family, WeaveContext
from tests.weaver.test_recorded_weaver import ready

ENDS, FAILS, NEVER_ENDS = 1, 2, 3
"""Seeds."""


class Scripted:
    """Two scenarios."""

    name = "scripted"

    async def weave(self, context: WeaveContext) -> AsyncGenerator[WovenScenario, None]:
        environment = await context.loom.environment()
        yield ready(1)
        context.listener(Progress(task="weave scripted", step=environment.id))
        job = BatteryJob(solution="", tests="", test_names=("test_it",), variants=(Variant(id="only"),))
        result = await context.loom.battery(job)
        yield ready(len(result.variants[0].id))
        match context.request.seed:
            case 2:
                raise RuntimeError("the loom is torn")
            case 3:
                await asyncio.sleep(600)


def families() -> tuple[Family, ...]:
    return (Scripted(),)


if __name__ == "__main__":
    apart_program.default_families = families
    apart_program.main()
