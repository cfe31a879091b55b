"""What the gates share."""

from __future__ import annotations

import asyncio

import pytest

from tests.guardian.dreams import Planted, trial


def empty() -> int:
    return next(iter(()))


async def test_an_empty_iterator_beside_the_loop_ends_in_an_error(households: Planted) -> None:
    # A future that is given a StopIteration is never done, which would hang the gate and the night with it.
    async with asyncio.timeout(10):
        with pytest.raises(RuntimeError, match="an iterator was empty"):
            await trial(households).in_thread(empty)
        with pytest.raises(RuntimeError, match="an iterator was empty"):
            await trial(households).remembered("nothing", empty)
