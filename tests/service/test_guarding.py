"""The models of a night are under the same guard as its workers: cut at once, unloaded when the memory is needed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.states import SuspendReason
from dreamer_app.engine.wake_path import WakePath
from dreamer_app.llm.model import Endpoint
from dreamer_app.llm.streams import Streams
from dreamer_app.service.guarding import Guarding
from dreamer_app.service.imagination import NightModels, loaded_by
from dreamer_app.service.workshop import Crew, Workshop
from tests.llm.native import native
from tests.llm.rooms import HASTY, client_of, question, until
from tests.scripted_server.script import Script
from tests.scripted_server.server import serving

NOBODY: Any = None
PATIENT = HASTY.model_copy(update={"first_token_seconds": 60.0, "answer_seconds": 60.0})


def under_guard(path: WakePath, models: NightModels) -> Workshop:
    """A workshop whose crew has these models, guarded."""

    @asynccontextmanager
    async def imagination(*_: Any) -> AsyncIterator[Crew]:
        yield Crew(weaver=NOBODY, coder=NOBODY, judge=NOBODY, models=models, listener=lambda _: None)

    plain = Workshop(
        reader=NOBODY,
        sandbox=NOBODY,
        weaver=NOBODY,
        coder=NOBODY,
        prover=NOBODY,
        checks=NOBODY,
        imagination=imagination,
    )
    return Guarding(path).over(plain)


async def test_a_stalled_answer_is_cut_and_its_server_sees_it(tmp_path: Path) -> None:
    path, streams = WakePath(SystemClock()), Streams()
    workshop = under_guard(path, NightModels(streams, NOBODY, NOBODY, NOBODY, NOBODY))
    assert workshop.imagination is not None
    with serving(Script.load("stalled")) as server:
        client = client_of(server.url, PATIENT, streams=streams)
        async with workshop.imagination(NOBODY, DataPaths(tmp_path), Settings(), lambda _: None):
            asking = asyncio.ensure_future(client.ask(question()))
            await until(lambda: bool(server.chats) and server.chats[0].pieces > 0)
            woken = time.monotonic()
            assert await asyncio.to_thread(path.trigger, SuspendReason.USER_ACTIVE)
            with pytest.raises(InterruptedByWakeError):
                await asking
            await until(lambda: server.chats[0].eof is not None)
            assert server.chats[0].eof is not None and server.chats[0].eof >= woken
        await path.thaw()
        assert path.trigger(SuspendReason.USER_ACTIVE), "a night that has ended is no longer cut"
        await client.close()


async def test_what_the_night_loaded_is_unloaded_and_nothing_else(tmp_path: Path) -> None:
    with native("ollama", "theirs") as server:
        loaded = await loaded_by(Endpoint(server.url, "weaver"), Endpoint(server.url, "coder"))
        path = WakePath(SystemClock())
        workshop = under_guard(path, NightModels(Streams(), NOBODY, NOBODY, NOBODY, NOBODY, loaded=loaded))
        assert len(loaded) == 1 and workshop.imagination is not None
        async with workshop.imagination(NOBODY, DataPaths(tmp_path), Settings(), lambda _: None):
            server.loaded += ["weaver", "coder"]
            path.trigger(SuspendReason.EXCLUSIVE_APP)
            await path.release(SuspendReason.EXCLUSIVE_APP)
            assert server.loaded == ["theirs"]
