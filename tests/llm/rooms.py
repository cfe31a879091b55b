"""Clients with little patience, so that every failure of a server is over in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.llm.budget import Budget
from dreamer_app.llm.client import ModelClient
from dreamer_app.llm.model import Endpoint, Message, Question
from dreamer_app.llm.streams import Streams

KEY = "sk-very-secret-0123456789"

HASTY = ModelSettings(
    connect_seconds=1.0, first_token_seconds=0.4, between_tokens_seconds=0.3, answer_seconds=1.2, outage_seconds=0.8
)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def no_pause(_seconds: float) -> None:
    """Waits for nothing."""


def client_of(url: str, settings: ModelSettings = HASTY, **more: Any) -> ModelClient:
    """A client of one model on the scripted server."""
    budget = more.pop("budget", None) or Budget(settings)
    endpoint = Endpoint(url, more.pop("model", "scripted-7b"), KEY)
    return ModelClient(endpoint, settings, streams=more.pop("streams", Streams()), budget=budget, **more)


def question(text: str = "How are things?", **more: Any) -> Question:
    """A small question."""
    facts = {"purpose": "test", "prompt": "test", "version": "1", "messages": (Message(role="user", content=text),)}
    return Question(**(facts | more))
