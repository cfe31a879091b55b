"""What a weaver in a process of its own and the program that started it say to each other.

Values of the house go over the child's standard input and output, pickled: both ends are the same program, and neither
opens anything else with it. What each value means is known to the two ends alone.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dreamer_app.core.settings import Settings
from dreamer_app.weaver.scenario_weaver import WeaveRequest


@dataclass(frozen=True)
class WeaveOrder:
    """The first word to the child.

    Attributes:
        knowledge: File of the graph.
        settings: Thresholds.
        request: What to weave about.
    """

    knowledge: Path
    settings: Settings
    request: WeaveRequest


@dataclass(frozen=True)
class EnvironmentWanted:
    """The child's question for the environment; the answer is an `Environment`."""


@dataclass(frozen=True)
class BrokeOff:
    """The child's last word after a fault.

    Attributes:
        why: Class and text of the exception.
    """

    why: str


@dataclass(frozen=True)
class Exhausted:
    """The child's last word when nothing new can be woven."""


class Wire:
    """One end.

    Args:
        hears: Where the other's words arrive.
        says: Where ours go.
    """

    def __init__(self, hears: IO[bytes], says: IO[bytes]) -> None:
        self._hears, self._says = hears, says

    def say(self, word: object) -> None:
        """Say something; blocking while the other end does not listen.

        Raises:
            OSError: The other end is gone.
        """
        pickle.dump(word, self._says, pickle.HIGHEST_PROTOCOL)
        self._says.flush()

    def hear(self) -> Any:
        """The next word; blocking.

        Raises:
            EOFError: The other end is gone.
        """
        return pickle.load(self._hears)  # noqa: S301  both ends are this program
