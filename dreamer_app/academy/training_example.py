"""One verified dream on its way into a training file, and what every format says about it.

The stamp is the promise that nothing synthetic is ever taken for something else: every row of every format carries it.
No file is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pydantic_core import to_json

from dreamer_app.store.proven_task import ProvenTask

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
Row = dict[str, Any]


@dataclass(frozen=True)
class WrongAnswer:
    """A plausible solution that the tests of a dream reject.

    Attributes:
        solution: Its source.
        kind: `attempt` (a coder's candidate that a gate stopped) or `mutant` (the proven solution with one change).
        reason: Which gate stopped it, or what was changed.
        right: The proven solution laid out in the same way, so that nothing but the mistake tells the two apart.
    """

    solution: str
    kind: Literal["attempt", "mutant"]
    reason: str
    right: str


class TrainingExample(NamedTuple):
    """A dream with its place in the data set.

    Attributes:
        dream: What is told of it.
        split: Where it belongs; decided by its APIs alone.
        wrong: A rejected solution, None when none is known or none was asked for.
    """

    dream: ProvenTask
    split: Split
    wrong: WrongAnswer | None = None

    @property
    def system(self) -> str:
        """What the model is told before the task."""
        pins = ", ".join(f"{pin.name} {pin.version}" for pin in self.dream.libraries)
        return f"You write Python for {pins}. Answer with one module and nothing else."

    @property
    def task(self) -> str:
        """The task text, with the pinned signature unless the text shows it already."""
        prompt, signature = self.dream.prompt.strip(), self.dream.signature.strip()
        return prompt if signature in prompt else f"{prompt}\n\n```python\n{signature}\n```"

    @property
    def answer(self) -> str:
        """The proven solution as a model would give it."""
        return fenced(self.dream.solution)

    @property
    def prompt(self) -> list[dict[str, str]]:
        """System text and task as messages."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.task}]


def stamp(example: TrainingExample) -> Row:
    """What every row says of where it comes from and how far it was proved."""
    dream = example.dream
    return {
        "synthetic": True,
        "dream_id": dream.id,
        "origin": dream.origin,
        "tier": dream.tier.value,
        "review": dream.review.value,
        "libraries": [{"name": pin.name, "version": pin.version, "license": pin.license} for pin in dream.libraries],
        "entry_point": dream.entry_point,
        "uses_api": list(dream.apis),
        "split": example.split,
    }


def stamp_line(example: TrainingExample) -> str:
    """The stamp in one line, for formats whose files are text."""
    mark = stamp(example)
    pins = ", ".join(f"{pin['name']}=={pin['version']}" for pin in mark["libraries"])
    words = {"synthetic": "true"} | {name: mark[name] for name in ("dream_id", "origin", "tier", "review", "split")}
    return "; ".join([*(f"{name}: {value}" for name, value in words.items()), f"libraries: {pins}"])


def stamped(content: Mapping[str, Any], example: TrainingExample) -> Iterator[Row]:
    """One row: its content first, then the stamp."""
    yield {**content, **stamp(example)}


def json_line(row: Row) -> bytes:
    """A row as one line of UTF-8."""
    return to_json(row) + b"\n"


def fenced(code: str) -> str:
    """Code as a Markdown block."""
    return f"```python\n{code.strip()}\n```"
