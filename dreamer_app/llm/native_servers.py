"""The native sides of local model servers: what is loaded, and how to unload it. Each kind is a handful of paths.

The OpenAI-compatible side knows neither: Ollama's ignores `keep_alive` without a word. Nothing here decides what is
unloaded.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

import httpx2

CALL_SECONDS = 2.0
"""For one call; all of it stays on this computer or in its network, and a game is waiting."""


class NativeServer(Protocol):
    """One kind of server."""

    name: ClassVar[str]

    async def loaded(self) -> frozenset[str]:
        """Models that hold memory now.

        Raises:
            LookupError: It is another kind of server.
            httpx2.HTTPError: It does not answer.
        """
        ...

    async def unload(self, model: str) -> None:
        """Ask it to let go of a model.

        Raises:
            httpx2.HTTPError: It does not answer, or refuses.
        """
        ...


class _Paths:
    """Calls of one server by path.

    Args:
        client: Open for as long as this is used.
        base_url: Of the OpenAI-compatible side; only its host counts.
    """

    def __init__(self, client: httpx2.AsyncClient, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._client = client
        self._root = f"{parts.scheme}://{parts.netloc}"

    async def _list(self, path: str, key: str) -> list[dict[str, Any]]:
        answer = await self._client.get(self._root + path)
        if answer.status_code == httpx2.codes.OK and "json" in answer.headers.get("content-type", ""):
            document = answer.json()
            found = document.get(key) if isinstance(document, dict) else None
            if isinstance(found, list) and all(isinstance(one, dict) for one in found):
                return found
        raise LookupError(path)

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        (await self._client.post(self._root + path, json=body)).raise_for_status()


class Ollama(_Paths):
    """Ollama, by `/api/ps` and `keep_alive: 0` (its docs/api.md)."""

    name: ClassVar[str] = "Ollama"

    async def loaded(self) -> frozenset[str]:
        """Models that hold memory now."""
        return frozenset(str(one.get("name") or one.get("model")) for one in await self._list("/api/ps", "models"))

    async def unload(self, model: str) -> None:
        """Let go of a model at once."""
        await self._post("/api/generate", {"model": model, "keep_alive": 0})


class LlamaRouter(_Paths):
    """llama.cpp's server in router mode. One that was started with a single model keeps it until it is ended."""

    name: ClassVar[str] = "llama.cpp"

    async def loaded(self) -> frozenset[str]:
        """Models that hold memory now."""
        found = await self._list("/models", "data")
        states = {str(one.get("id")): one.get("status") for one in found}
        if not any(isinstance(status, dict) for status in states.values()):
            raise LookupError("no router")
        holds = ("loaded", "loading")
        return frozenset(name for name, st in states.items() if isinstance(st, dict) and st.get("value") in holds)

    async def unload(self, model: str) -> None:
        """Let go of a model; the server ends its worker within its `stop-timeout`."""
        await self._post("/models/unload", {"model": model})


class LmStudio(_Paths):
    """LM Studio from 0.4 on, by its REST API v1. Older ones can only be told by hand."""

    name: ClassVar[str] = "LM Studio"

    async def loaded(self) -> frozenset[str]:
        """Models that hold memory now."""
        found = await self._list("/api/v1/models", "models")
        return frozenset(str(one.get("key")) for one in found if one.get("loaded_instances"))

    async def unload(self, model: str) -> None:
        """Let go of every instance of a model."""
        for one in await self._list("/api/v1/models", "models"):
            if one.get("key") == model:
                for instance in one.get("loaded_instances") or ():
                    await self._post("/api/v1/models/unload", {"instance_id": instance.get("id")})


KINDS: tuple[type[Ollama] | type[LlamaRouter] | type[LmStudio], ...] = (Ollama, LmStudio, LlamaRouter)
"""In the order in which they are tried."""
