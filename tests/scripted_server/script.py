"""What the scripted server says: transport failures and answers, both read from data files.

A scenario (`scenarios/<name>.toml`) lists turns; each request for a completion takes the next one, and the last one
is repeated. A turn says how the answer travels; its words are its own `text`, or come from the `author` that knows a
set of tasks (`author.py`).
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

SCENARIOS = Path(__file__).parent / "scenarios"

Author = Callable[[dict[str, Any]], str]
"""From a request to the words of the answer."""


@dataclass(frozen=True)
class Turn:
    """How one request is answered.

    Attributes:
        do: `answer`, `stall` (say `after` pieces, then nothing more), `cut` (say `after` pieces, then drop the
            connection), `status` (refuse with an HTTP status), `malformed` (events that are no JSON) or `vanish` (drop
            the connection and stop listening).
        text: What is said.
        status: HTTP status.
        retry_after: Seconds in the header of that name.
        after: Pieces that are said at most.
        pieces_per_second: 0 as fast as it goes.
        finish: The `finish_reason`.
        times: How many requests this turn answers.
    """

    do: Literal["answer", "stall", "cut", "status", "malformed", "vanish"] = "answer"
    text: str = ""
    status: int = 500
    retry_after: float = 0.0
    after: int | None = None
    pieces_per_second: float = 0.0
    finish: str = "stop"
    times: int = 1


@dataclass
class Script:
    """One scenario being played; safe from any thread.

    Attributes:
        turns: In order; without any, every request is simply answered.
        author: Writes what the turns leave open.
        models: Names that the server lists.
        structured: Kinds of `response_format` that it understands.
    """

    turns: tuple[Turn, ...] = ()
    author: Author | None = None
    models: tuple[str, ...] = ("scripted-7b",)
    structured: tuple[str, ...] = ("json_schema", "json_object")

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = [turn for turn in self.turns for _ in range(turn.times)]

    @staticmethod
    def load(name: str, author: Author | None = None) -> Script:
        """A scenario from its file."""
        facts = tomllib.loads((SCENARIOS / f"{name}.toml").read_text(encoding="utf-8"))
        facts.pop("about")
        turns = tuple(Turn(**turn) for turn in facts.pop("turn", ()))
        return Script(turns, author, **{key: tuple(value) for key, value in facts.items()})

    def turn(self, body: dict[str, Any]) -> Turn:
        """What happens to this request."""
        wanted = body.get("response_format", {}).get("type", "text")
        if wanted != "text" and wanted not in self.structured:
            return Turn("status", f"response_format {wanted} is not supported", status=400)
        if body.get("model") not in self.models:
            return Turn("status", f"model {body.get('model')} not found", status=404)
        with self._lock:
            turn = self._waiting.pop(0) if len(self._waiting) > 1 else (*self._waiting, Turn())[0]
            if not turn.text and self.author is not None and turn.do != "status":
                turn = replace(turn, text=self.author(body))
        return turn

    def page(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Everything that is no completion."""
        if path.endswith("/models"):
            return 200, {
                "object": "list",
                "data": [{"id": name, "object": "model", "created": 0} for name in self.models],
            }
        if path == "/api/ps":
            return 200, {"models": [{"name": name} for name in self.models]}
        if path == "/api/generate":
            return 200, {"model": body.get("model"), "done": True, "done_reason": "unload"}
        return 404, {"error": {"message": f"no such page: {path}"}}
