"""The base of all values that travel between rooms, and what they say of language models. Computes nothing."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value object: compared by content, never changed, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelUse(Frozen):
    """What a language model was asked on the way to something, for its provenance and its cost.

    Attributes:
        prompts: Prompt names and versions.
        models: Purpose to model.
        calls: Answers, useless ones included.
        tokens: Of prompts and answers.
        seconds: Spent waiting for them.
    """

    prompts: dict[str, str] = {}
    models: dict[str, str] = {}
    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def plus(self, other: ModelUse) -> ModelUse:
        """Both together."""
        return ModelUse(
            prompts=self.prompts | other.prompts,
            models=self.models | other.models,
            calls=self.calls + other.calls,
            tokens=self.tokens + other.tokens,
            seconds=round(self.seconds + other.seconds, 4),
        )
