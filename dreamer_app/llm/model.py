"""What goes to a language model and what comes back, as values. No socket and no file here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from dreamer_app.core.errors import DreamerError, InfrastructureError
from dreamer_app.core.types import Frozen


class ModelOfflineError(InfrastructureError):
    """The server is away, stalled, too slow or broken. It says nothing about a dream."""


class ModelRefusedError(InfrastructureError):
    """The server is there and will not do it: no such model, no such key, a request it cannot take."""


class BudgetSpentError(DreamerError):
    """The night's calls, tokens or money are used up."""


@dataclass(frozen=True)
class Endpoint:
    """One model on one server.

    Attributes:
        base_url: With the version, e.g. `http://localhost:11434/v1`.
        model: As the server lists it.
        key: Secret; not part of the representation, so that no log can hold it.
    """

    base_url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """Host and port, for people and for the choice of a key."""
        parts = urlsplit(self.base_url)
        return parts.netloc.rpartition("@")[2]


class Message(Frozen):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Question(Frozen):
    """One request for an answer.

    Attributes:
        purpose: What it is for, in one word: `weave`, `solve`, `repair`, ...
        prompt: Name of the prompt.
        version: Its version.
        messages: Rendered.
        answer_schema: JSON schema of the wanted object, None for free text.
        seed: For servers that honour it.
        temperature: Sampling.
        max_tokens: Of the answer.
    """

    purpose: str
    prompt: str
    version: str
    messages: tuple[Message, ...]
    answer_schema: dict[str, Any] | None = None
    seed: int = 0
    temperature: float = 0.7
    max_tokens: int = 4096


class Answer(Frozen):
    """What a model said.

    Attributes:
        text: The words, without reasoning that the server keeps apart.
        finish: `stop`, or `length` when it was cut by the limit of tokens.
        model: Who said it.
        prompt_tokens: As reported, or estimated.
        completion_tokens: As reported, or estimated.
        estimated: Whether the counts are estimates, because the server reports none.
        seconds: From the request to the last token, of the try that succeeded.
        first_token_seconds: Until its first token.
        tries: How many requests it took.
    """

    text: str
    finish: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    estimated: bool
    seconds: float
    first_token_seconds: float
    tries: int

    @property
    def tokens(self) -> int:
        """Of prompt and answer together."""
        return self.prompt_tokens + self.completion_tokens
