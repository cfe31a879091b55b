"""Waiting for something to be so while the event loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 10.0
"""Seconds after which a test has failed; nothing waits that long when all is well."""


async def until(so: Callable[[], object]) -> None:
    """Return as soon as it is so.

    Raises:
        TimeoutError: It never was.
    """
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110  Qt has no event for most of what is asked here
            await asyncio.sleep(0.002)
