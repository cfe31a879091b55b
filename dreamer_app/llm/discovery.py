"""Finds model servers on this computer and says whether one of them will do.

Only the loopback address is asked, at the ports that the usual programs use. Nothing is started and nothing is loaded,
except by `try_out`, which asks for one short answer.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Mapping, Sequence

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.core.types import Frozen
from dreamer_app.llm.budget import Budget
from dreamer_app.llm.client import ModelClient
from dreamer_app.llm.keys import key_for
from dreamer_app.llm.model import Endpoint, Message, ModelOfflineError, Question
from dreamer_app.llm.streams import Streams

PORTS: Mapping[int, str] = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
"""Where the usual programs listen unless told otherwise, from their documentation."""
LOOK_SECONDS = 2.0


class FoundServer(Frozen):
    """A server that answers.

    Attributes:
        name: Of the program that usually listens there, or the host.
        base_url: Its address.
        models: As it lists them.
    """

    name: str
    base_url: str
    models: tuple[str, ...]


class TrialReport(Frozen):
    """What came of trying a model out.

    Attributes:
        ok: Whether it answered.
        base_url: Its address.
        model: Its name.
        message: In words for a person.
        hint: What to do; empty when all is well.
        first_token_seconds: None unless it answered.
        tokens_per_second: None unless it answered.
    """

    ok: bool
    base_url: str
    model: str
    message: str
    hint: str = ""
    first_token_seconds: float | None = None
    tokens_per_second: float | None = None


async def models_of(base_url: str, key: str = "", seconds: float = LOOK_SECONDS) -> tuple[str, ...]:
    """The models that a server lists.

    Raises:
        ModelOfflineError: It does not answer, or not as such a server would.
    """
    openai = await asyncio.to_thread(importlib.import_module, "openai")  # takes over a second

    sdk = openai.AsyncOpenAI(api_key=key or "none", base_url=base_url, timeout=seconds, max_retries=0)
    try:
        async with asyncio.timeout(seconds):
            listed = await sdk.models.list()
        return tuple(sorted(model.id for model in listed.data or ()))
    except (openai.APIError, TimeoutError, ValueError, TypeError, AttributeError) as error:
        status = getattr(error, "status_code", None)
        raise ModelOfflineError(
            "No models are listed",
            f"{base_url}: {f'HTTP status {status}' if status else type(error).__name__}",
            "Look at the address and the key, or start the server.",
        ) from error
    finally:
        await sdk.close()


async def find_servers(
    ports: Mapping[int, str] = PORTS, environment: Mapping[str, str] | None = None
) -> tuple[FoundServer, ...]:
    """Every model server that answers on this computer, in the order of the ports."""
    addresses = {f"http://127.0.0.1:{port}/v1": name for port, name in ports.items()}
    ollama = (os.environ if environment is None else environment).get("OLLAMA_HOST", "")
    if ollama:
        address = ollama if "://" in ollama else f"http://{ollama}"
        addresses = {f"{address.rstrip('/').replace('0.0.0.0', '127.0.0.1')}/v1": "Ollama", **addresses}  # noqa: S104

    async def look(address: str, name: str) -> FoundServer | None:
        try:
            return FoundServer(name=name, base_url=address, models=await models_of(address))
        except DreamerError:
            return None

    found = await asyncio.gather(*(look(address, name) for address, name in addresses.items()))
    return tuple(server for server in found if server is not None and server.models)


def choose(servers: Sequence[FoundServer], model: str) -> FoundServer | None:
    """The first server that has a model, by its full name or by its name without a tag."""
    for server in servers:
        if any(model in (name, name.partition(":")[0]) for name in server.models):
            return server
    return None


async def try_out(base_url: str, model: str, settings: ModelSettings, clock: Clock | None = None) -> TrialReport:
    """Ask a model for one short answer and say how it went; never raises for what the server does."""
    clock = clock or SystemClock()
    client = ModelClient(
        Endpoint(base_url, model, key_for(base_url)),
        settings.model_copy(update={"outage_seconds": 0.0}),
        streams=Streams(),
        budget=Budget(settings),
        clock=clock,
    )
    question = Question(
        purpose="test",
        prompt="test",
        version="1",
        messages=(Message(role="user", content="Say the word ready."),),
        temperature=0.0,
        max_tokens=256,
    )
    try:
        answer = await client.ask(question)
    except DreamerError as error:
        return TrialReport(ok=False, base_url=base_url, model=model, message=error.message, hint=error.hint)
    finally:
        await client.close()
    talking = answer.seconds - answer.first_token_seconds
    return TrialReport(
        ok=True,
        base_url=base_url,
        model=model,
        message=tr("{model} answers.", model=model),
        first_token_seconds=answer.first_token_seconds,
        tokens_per_second=round(answer.completion_tokens / talking, 1) if talking > 0.001 else None,
    )
