"""Gives back the memory of the language model: unloads what we loaded, and never what somebody else had loaded.

What was loaded is looked up before the first request of a night and again when the memory is needed. Nothing here
raises for what a server does: a game must not wait for an error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import httpx2

from dreamer_app.core.types import Frozen
from dreamer_app.llm.native_servers import CALL_SECONDS, KINDS, NativeServer

_log = logging.getLogger(__name__)

RELEASE_SECONDS = 5.0
"""For all of it. Ollama says that memory is usually free 0.5 to 1.5 s after the call, and waits 5 s for it itself."""
LOOK_AGAIN_SECONDS = 0.1


class ReleaseReport(Frozen):
    """What became of the models.

    Attributes:
        server: Kind of server, empty when it is none that can be asked.
        unloaded: Ours, which hold no memory any more.
        kept: Models that were loaded before us, or that others use.
        stuck: Ours, which the server did not let go of in time.
        seconds: How long it took.
    """

    server: str = ""
    unloaded: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    seconds: float = 0.0


class ModelRelease:
    """The models of one server that we are responsible for.

    Args:
        base_url: Of the server, as the client has it.
        models: Names that we ask for.
        key: Shown to the server.
        seconds: For a whole release.
    """

    def __init__(self, base_url: str, models: Iterable[str], key: str = "", seconds: float = RELEASE_SECONDS) -> None:
        self._base_url = base_url
        self._models = frozenset(models)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = seconds
        self._others: frozenset[str] | None = None

    async def look_before(self) -> None:
        """Remember what others have loaded, before our first request. Without it nothing is ever unloaded."""
        async with self._server() as server:
            self._others = await _still_loaded(server, frozenset()) if server is not None else None

    async def release(self) -> ReleaseReport:
        """Unload our models and wait until they are gone, within the time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        report = ReleaseReport()
        try:
            async with asyncio.timeout(self._seconds), self._server() as server:
                if server is not None and self._others is not None:
                    report = await self._unload(server, self._others)
        except TimeoutError:
            report = report.model_copy(update={"stuck": tuple(sorted(self._models))})
        report = report.model_copy(update={"seconds": round(loop.time() - began, 3)})
        if report.stuck:
            _log.warning("%s did not let go of %s", report.server or self._base_url, ", ".join(report.stuck))
        return report

    async def _unload(self, server: NativeServer, others: frozenset[str]) -> ReleaseReport:
        now = await _still_loaded(server, self._models)
        ours = {name for name in now if any(_same(name, model) for model in self._models)} - others
        # Both at the same time: the first model need not be gone before the second is asked to go.
        async with asyncio.TaskGroup() as group:
            for name in ours:
                group.create_task(_ask(server, name))
        deadline = asyncio.get_running_loop().time() + self._seconds - 2 * CALL_SECONDS
        left = await _still_loaded(server, now)
        while ours & left and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            left = await _still_loaded(server, left)
        return ReleaseReport(
            server=server.name,
            unloaded=tuple(sorted(ours - left)),
            kept=tuple(sorted(left - ours)),
            stuck=tuple(sorted(ours & left)),
        )

    @asynccontextmanager
    async def _server(self) -> AsyncIterator[NativeServer | None]:
        """The server's native side, None when it has none that we know."""
        # Without the environment's proxies, and never following a server elsewhere.
        async with httpx2.AsyncClient(timeout=CALL_SECONDS, trust_env=False, headers=self._headers) as client:
            for kind in KINDS:
                server = kind(client, self._base_url)
                try:
                    await server.loaded()
                except (LookupError, ValueError, httpx2.HTTPError):
                    continue
                yield server
                return
            yield None


async def _still_loaded(server: NativeServer, before: frozenset[str]) -> frozenset[str]:
    """What holds memory now; nothing when the server has ended, and what held it before when it does not say."""
    try:
        return await server.loaded()
    except httpx2.ConnectError:
        return frozenset()
    except (LookupError, ValueError, httpx2.HTTPError) as error:
        _log.debug("%s does not say what is loaded: %s", server.name, type(error).__name__)
        return before


async def _ask(server: NativeServer, model: str) -> None:
    try:
        await server.unload(model)
    except (LookupError, ValueError, httpx2.HTTPError) as error:
        _log.warning("%s was asked to unload %s: %s", server.name, model, type(error).__name__)


def _same(listed: str, asked: str) -> bool:
    """Whether a server's name means the model that was asked for; `qwen3` is `qwen3:latest`."""
    return listed.removesuffix(":latest") == asked.removesuffix(":latest")
