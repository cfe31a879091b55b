"""Asks a language model, over the openai SDK, always streaming.

Every phase has its own patience: connecting, the first token, the next token, the whole answer. What a repetition can
mend (connections, 429, 5xx, broken streams) is repeated with growing, jittered pauses until the outage has lasted too
long; what it cannot mend (a wrong key, an unknown model) is not. Every try is logged to the night with its figures and
never with its words. It keeps nothing between calls but what the server turned out to understand.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.llm.budget import Budget
from dreamer_app.llm.model import Answer, Endpoint, ModelOfflineError, ModelRefusedError, Question
from dreamer_app.llm.streams import Streams

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries: doubled from try to try, up to this, and drawn between half and all of it."""
STRUCTURES = ("json_schema", "json_object", "text")
"""What a server may offer, the best first; one that refuses is asked for the next."""
CHARACTERS_PER_TOKEN = 4
"""For servers that count nothing: the usual rule of thumb for English and code."""


@dataclass
class _Heard:
    """An answer as it arrives."""

    text: list[str] = field(default_factory=list)
    finish: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first: float | None = None


class _RepeatableError(Exception):
    """A try failed in a way that another one may mend.

    Attributes:
        wait: Seconds that the server asks for, 0 when it says nothing.
    """

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class ModelClient:
    """One model on one server.

    Args:
        endpoint: Where.
        settings: Patience and limits.
        streams: Where its requests can be cut.
        budget: What it may spend.
        clock: Times the answers.
        turns: Limits calls at the same time, over all clients that share it.
        sleep: Waits between tries.
        jitter: Draws a number from 0 to 1.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        settings: ModelSettings,
        *,
        streams: Streams,
        budget: Budget,
        clock: Clock | None = None,
        turns: asyncio.Semaphore | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.endpoint = endpoint
        self._settings = settings
        self._streams = streams
        self._budget = budget
        self._clock = clock or SystemClock()
        self._turns = turns or asyncio.Semaphore(settings.parallel)
        self._sleep = sleep
        self._jitter = jitter
        self._structure = 0
        self._extras = True
        self._sdk: AsyncOpenAI | None = None

    @property
    def name(self) -> str:
        """The model, as records name it."""
        return self.endpoint.model

    @property
    def budget_left(self) -> bool:
        """Whether one more call may be made tonight."""
        return self._budget.left

    async def close(self) -> None:
        """Let go of the connections. Idempotent."""
        sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.close()

    async def ask(self, question: Question) -> Answer:
        """Get an answer.

        Raises:
            ModelOfflineError: The server failed for too long, or is too slow.
            ModelRefusedError: It is there and refuses.
            BudgetSpentError: No call may be made any more.
            InterruptedByWakeError: The computer was taken back.
        """
        await self._get_ready()
        async with self._turns:
            return await self._streams.run(lambda: self._patiently(question))

    async def _patiently(self, question: Question) -> Answer:
        began = self._clock.monotonic()
        tries, pause = 0, FIRST_PAUSE
        while True:
            tries += 1
            try:
                return await self._once(question, tries)
            except _RepeatableError as error:
                wait = max(error.wait, pause * (0.5 + self._jitter() / 2))
                if self._clock.monotonic() + wait - began > self._settings.outage_seconds:
                    raise self._offline(f"{error}, {tries} times") from error
                await self._sleep(wait)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _once(self, question: Question, tries: int) -> Answer:
        self._budget.begin_call(question.purpose)
        started = self._clock.monotonic()
        heard = _Heard()
        outcome = "aborted"
        try:
            async with asyncio.timeout(self._settings.answer_seconds):
                await self._stream(question, heard, started)
            if heard.finish is None:
                raise _RepeatableError("the connection ended in the middle of an answer")
            outcome = heard.finish
        except TimeoutError as error:
            outcome = "too slow"
            pieces = len(heard.text)
            raise self._offline(
                f"an answer was not complete after {self._settings.answer_seconds:g} s ({pieces} pieces)"
            ) from error
        except (InfrastructureError, _RepeatableError) as error:
            outcome = str(error)
            raise
        finally:
            answer = self._answer(question, heard, self._clock.monotonic() - started, tries)
            self._note(question, answer, outcome, failed=heard.finish is None)
        return answer

    def _answer(self, question: Question, heard: _Heard, seconds: float, tries: int) -> Answer:
        text = "".join(heard.text)
        known = heard.completion_tokens is not None
        asked = sum(len(message.content) for message in question.messages)
        return Answer(
            text=text,
            finish=heard.finish or "",
            model=self.endpoint.model,
            prompt_tokens=heard.prompt_tokens if heard.prompt_tokens is not None else asked // CHARACTERS_PER_TOKEN,
            completion_tokens=heard.completion_tokens or len(text) // CHARACTERS_PER_TOKEN if known or text else 0,
            estimated=not known,
            seconds=round(seconds, 4),
            first_token_seconds=round(heard.first if heard.first is not None else seconds, 4),
            tries=tries,
        )

    def _note(self, question: Question, answer: Answer, outcome: str, *, failed: bool) -> None:
        cost = self._budget.spend(
            answer.model, answer.prompt_tokens, answer.completion_tokens, answer.seconds, failed=failed
        )
        figures = {
            "purpose": question.purpose,
            "prompt": f"{question.prompt}/{question.version}",
            "model": answer.model,
            "host": self.endpoint.host,
            "seed": question.seed,
            "temperature": question.temperature,
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": answer.completion_tokens,
            "estimated": answer.estimated,
            "seconds": answer.seconds,
            "first_token_seconds": answer.first_token_seconds,
            "try": answer.tries,
            "cost": round(cost, 6),
            "outcome": self._without_key(outcome),
        }
        _log.info("model call %s", json.dumps(figures, ensure_ascii=False))

    def _without_key(self, text: str) -> str:
        """Servers like to repeat a wrong key in their complaint."""
        return text.replace(self.endpoint.key, "…") if self.endpoint.key else text

    def _offline(self, what: str) -> ModelOfflineError:
        return ModelOfflineError(
            "The model does not answer",
            self._without_key(f"{self.endpoint.model} on {self.endpoint.host}: {what}"),
            "Start the model server, or raise its patience in the settings.",
        )

    def _refused(self, what: str) -> ModelRefusedError:
        return ModelRefusedError(
            "The model refuses",
            self._without_key(f"{self.endpoint.model} on {self.endpoint.host}: {what}"),
            "Look at the server's address, the model's name and the key; `dreamer model test` says more.",
        )

    async def _stream(self, question: Question, heard: _Heard, started: float) -> None:
        import openai  # noqa: PLC0415  loaded by now

        while True:
            try:
                return await self._listen(question, heard, started)
            except openai.APIStatusError as error:
                if not self._degrade(error.status_code):
                    self._raise_for(error)
            except (openai.APIConnectionError, openai.APIError) as error:
                raise _RepeatableError(f"no connection ({type(error.__cause__ or error).__name__})") from error
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise _RepeatableError("the server sent something that is no JSON") from error
            except TimeoutError:
                raise
            except (InterruptedByWakeError, _RepeatableError):
                raise
            except (OSError, ValueError, TypeError, AttributeError) as error:
                # A server that breaks the protocol breaks the SDK's reading in ways that it does not foresee.
                raise _RepeatableError(f"a malformed answer ({type(error).__name__})") from error

    async def _listen(self, question: Question, heard: _Heard, started: float) -> None:
        settings = self._settings
        assert self._sdk is not None
        stream = await self._within(
            settings.first_token_seconds + settings.connect_seconds,
            self._sdk.chat.completions.create(**self._request(question)),
            "no first token",
        )
        try:
            chunks = aiter(stream)
            while True:
                patience = settings.between_tokens_seconds if heard.first is not None else settings.first_token_seconds
                chunk = await self._within(patience, _next(chunks), f"silent for {patience:g} s")
                if chunk is None:
                    break
                self._hear(chunk, heard, started)
        finally:
            await stream.close()

    def _hear(self, chunk: Any, heard: _Heard, started: float) -> None:
        if chunk.usage is not None:
            heard.prompt_tokens = chunk.usage.prompt_tokens
            heard.completion_tokens = chunk.usage.completion_tokens
        for choice in chunk.choices or ():
            if heard.first is None:
                heard.first = self._clock.monotonic() - started
            heard.text.append(choice.delta.content or "")
            heard.finish = choice.finish_reason or heard.finish

    async def _within(self, seconds: float, work: Awaitable[Any], otherwise: str) -> Any:
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                return await work
        except TimeoutError as error:
            if limit.expired():
                raise _RepeatableError(otherwise) from error
            raise  # the whole answer's time is up

    def _request(self, question: Question) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": [message.model_dump() for message in question.messages],
            "temperature": question.temperature,
            "max_tokens": question.max_tokens,
            "stream": True,
        }
        if self._extras:
            request |= {"seed": question.seed, "stream_options": {"include_usage": True}}
        structure = STRUCTURES[self._structure]
        if question.answer_schema is not None and structure == "json_schema":
            schema = {"name": question.prompt.replace(".", "_"), "schema": question.answer_schema}
            request["response_format"] = {"type": structure, "json_schema": schema}
        elif question.answer_schema is not None and structure == "json_object":
            request["response_format"] = {"type": structure}
        return request

    def _degrade(self, status: int) -> bool:
        """Ask for less from now on, when the request itself was refused; whether there is less to ask for."""
        if status not in (400, 422, 501):
            return False
        if self._structure < len(STRUCTURES) - 1:
            self._structure += 1
            return True
        extras, self._extras = self._extras, False
        return extras

    def _raise_for(self, error: Any) -> None:
        status = int(error.status_code)
        if status in (408, 409, 425, 429) or status >= 500:
            raise _RepeatableError(f"HTTP status {status}", _retry_after(error)) from error
        raise self._refused(f"HTTP status {status}: {str(error.message)[:200]}") from error

    async def _get_ready(self) -> None:
        """Load the SDK beside the event loop, and in nobody's time: it takes over a second."""
        if self._sdk is None:
            openai = await asyncio.to_thread(importlib.import_module, "openai")
            settings = self._settings
            self._sdk = self._sdk or openai.AsyncOpenAI(
                api_key=self.endpoint.key or "none",
                base_url=self.endpoint.base_url,
                timeout=openai.Timeout(settings.answer_seconds, connect=settings.connect_seconds),
                max_retries=0,
                http_client=openai.DefaultAsyncHttpxClient(event_hooks={"request": [self._trace]}),
            )

    async def _trace(self, request: Any) -> None:
        """Have the transport say what it does for a request; the SDK itself never shows its connections."""
        request.extensions = {**request.extensions, "trace": self._note_connection}

    async def _note_connection(self, event: str, facts: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            self._streams.opened(facts["return_value"].get_extra_info("socket"))


async def _next(chunks: Any) -> Any:
    return await anext(chunks, None)


def _retry_after(error: Any) -> float:
    try:
        return min(float(error.response.headers.get("retry-after", 0)), 10 * LONGEST_PAUSE)
    except ValueError:
        return 0.0
