"""What a night may spend on language models, and what it has spent.

Counted are all calls, those that failed included: a server bills what it generated. It decides nothing but whether one
more call may be made.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from dreamer_app.core.errors import UsageError
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.llm.model import BudgetSpentError

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """What a model costs.

    Attributes:
        model: Name, in which `*` stands for anything.
        prompt: A million prompt tokens.
        completion: A million answer tokens.
    """

    model: str
    prompt: float
    completion: float


def price_table(lines: Sequence[str]) -> tuple[Price, ...]:
    """The price table of the settings.

    Raises:
        UsageError: A line does not name a model and two prices.
    """
    table = []
    for line in lines:
        words = line.split()
        try:
            name, prompt, completion = words
            price = Price(name, float(prompt), float(completion))
        except ValueError:
            price = None
        if price is None or price.prompt < 0 or price.completion < 0:
            raise UsageError(
                "A price is not valid", repr(line), 'Write a model and two prices, such as "gpt-*-mini 0.15 0.60".'
            )
        table.append(price)
    return tuple(table)


class Budget:
    """One night's.

    Args:
        settings: The limits and the price table.

    Raises:
        UsageError: The price table is not valid.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._prices = price_table(settings.prices)
        self._lock = threading.Lock()
        self.calls = 0
        self.tokens = 0
        self.cost = 0.0
        self.seconds = 0.0
        self.failures = 0
        self._by_purpose: Counter[str] = Counter()

    def begin_call(self, purpose: str) -> None:
        """Count a call that is about to be made.

        Raises:
            BudgetSpentError: It may not be made.
        """
        with self._lock:
            limits = {
                "calls": (self.calls, self._settings.calls),
                "tokens": (self.tokens, self._settings.tokens),
                "cost": (self.cost, self._settings.cost),
            }
            for name, (spent, limit) in limits.items():
                if spent >= limit and (name != "cost" or spent > 0):
                    raise BudgetSpentError(
                        "The model's budget is spent",
                        f"{spent:g} of {limit:g} {name} are used up tonight",
                        f"Raise `model.{name}` in the settings.",
                    )
            self.calls += 1
            self._by_purpose[purpose] += 1

    @property
    def left(self) -> bool:
        """Whether one more call may be made."""
        with self._lock:
            paid = self.cost > 0 and self.cost >= self._settings.cost
            return self.calls < self._settings.calls and self.tokens < self._settings.tokens and not paid

    def spend(self, model: str, prompt_tokens: int, completion_tokens: int, seconds: float, *, failed: bool) -> float:
        """Count what a call took.

        Returns:
            What it cost.
        """
        price = next((price for price in self._prices if fnmatch(model, price.model)), Price("*", 0, 0))
        cost = (prompt_tokens * price.prompt + completion_tokens * price.completion) / MILLION
        with self._lock:
            self.tokens += prompt_tokens + completion_tokens
            self.cost += cost
            self.seconds += seconds
            self.failures += failed
        return cost

    def figures(self) -> dict[str, float]:
        """For the night's record: `model.calls`, `model.tokens`, `model.cost`, `model.seconds`, `model.failures` and
        `model.calls.<purpose>`.
        """
        with self._lock:
            return {
                "model.calls": float(self.calls),
                "model.tokens": float(self.tokens),
                "model.cost": round(self.cost, 6),
                "model.seconds": round(self.seconds, 3),
                "model.failures": float(self.failures),
                **{f"model.calls.{purpose}": float(count) for purpose, count in sorted(self._by_purpose.items())},
            }
