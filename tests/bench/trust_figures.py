"""The figures behind docs/trust.md: what the measurements of the proof found, kept in docs/trust.json.

Each measurement replaces its own part and leaves the others. Nothing is rounded or judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from tests.bench.verdict_ledger import Ledger, Row

FIGURES = Path(__file__).resolve().parents[2] / "docs" / "trust.json"
GOOD = ("good", "good by hand")
GATES = tuple(f"G{number}" for number in range(10))


class Part(BaseModel):
    """A part of the figures; an unknown name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(Part):
    """Dreams of one class.

    Attributes:
        kind: The class.
        judged: How many.
        stopped_by: Gate to how many it refused; the others were accepted.
    """

    kind: str
    judged: int
    stopped_by: dict[str, int]


class GateWorth(Part):
    """Dreams that would get through a gate alone, and those that only it refuses."""

    gate: str
    alone: int
    without: int


class Planted(Part):
    """What became of planted dreams; `examined` of them, of so many classes, met every gate."""

    bad: tuple[Kind, ...]
    good: tuple[Kind, ...]
    gates: tuple[GateWorth, ...]
    examined: int
    examined_classes: int


class Family(Part):
    """Hostile programs of one kind: how many, and how many were held."""

    name: str
    programs: int
    held: int


class Hostile(Part):
    """Programs that were let loose and held, by family, and forgers that three judges believed."""

    families: tuple[Family, ...]
    forgers: int
    exit_code: int
    blind: int
    together: int


class Mutation(Part):
    """One program under one mutation tool.

    Attributes:
        program: Its name.
        tool: Its name.
        made: Mutants that were run.
        missed: Those that no test noticed.
        seconds: From the files to the last answer.
        running: The mutants alone, None where the tool does not tell.
    """

    program: str
    tool: str
    made: int
    missed: int
    seconds: float
    running: float | None


class Seconds(Part):
    """What half of many took, and what 95 of 100 took, at most."""

    half: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """Of at least two."""
        steps = quantiles(seconds, n=100, method="inclusive")
        return cls(half=round(steps[49], 3), most=round(steps[94], 3))


class Proof(Part):
    """What whole proofs of small dreams cost: seconds of the processor, seconds by the clock."""

    proofs: int
    cpu: Seconds
    wall: Seconds


class Figures(Part):
    """All of them; None or empty is what was not measured."""

    planted: Planted | None = None
    hostile: Hostile | None = None
    mutation: tuple[Mutation, ...] = ()
    proof: Proof | None = None

    @classmethod
    def stored(cls) -> Self:
        """As they are kept."""
        return cls.model_validate_json(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else cls()


def keep(**parts: Any) -> None:
    """Replace these parts."""
    figures = Figures.stored().model_copy(update=parts)
    FIGURES.write_text(figures.model_dump_json(indent=1) + "\n", encoding="utf-8")


def planted(ledger: Ledger) -> Planted:
    """The ledger, counted; a class without verdicts has no line."""
    kinds = sorted({row.kind for row in ledger.rows.values()})
    counted = [_kind(kind, ledger.of(kind)) for kind in kinds if ledger.of(kind)]
    examined = ledger.examined()
    return Planted(
        bad=tuple(one for one in counted if one.kind not in GOOD),
        good=tuple(one for one in counted if one.kind in GOOD),
        gates=tuple(
            GateWorth(
                gate=gate,
                alone=sum(gate not in (row.refusing or ()) for row in examined),
                without=sum(row.refusing == (gate,) for row in examined),
            )
            for gate in GATES
        ),
        examined=len(examined),
        examined_classes=len({row.kind for row in examined}),
    )


def _kind(kind: str, rows: Sequence[Row]) -> Kind:
    stopped = Counter(row.stopped_by for row in rows if row.stopped_by)
    return Kind(kind=kind, judged=len(rows), stopped_by=dict(sorted(stopped.items())))
