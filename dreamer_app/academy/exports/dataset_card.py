"""The card of a data set: what is in it, how it was proved, under which licences, and what it is not good for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from dreamer_app.academy.exports.format import Background
from dreamer_app.academy.training_example import SPLITS, TrainingExample
from dreamer_app.core.types import LibraryPin
from dreamer_app.store.proven_task import PassedGate

FIELDS = ("split", "tier", "review", "origin")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass
class CardFigures:
    """Counts of what was written, kept while it streams by.

    Attributes:
        places: Rows by split, tier, review and origin together.
        pins: Rows by library.
        passed: Rows by the gates that they passed.
    """

    places: Counter[tuple[str, ...]] = field(default_factory=Counter)
    pins: Counter[LibraryPin] = field(default_factory=Counter)
    passed: Counter[tuple[PassedGate, ...]] = field(default_factory=Counter)

    def count(self, example: TrainingExample) -> None:
        """One more."""
        dream = example.dream
        self.places[(example.split, dream.tier.value, dream.review.value, dream.origin)] += 1
        for pin in dream.libraries:
            self.pins[pin] += 1
        self.passed[dream.gates] += 1

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.places.total()

    def by(self, name: str) -> list[tuple[str, int]]:
        """Rows by one of FIELDS."""
        found: Counter[str] = Counter()
        for values, n in self.places.items():
            found[values[FIELDS.index(name)]] += n
        return sorted(found.items())


def card(figures: CardFigures, background: Background, ending: str) -> str:
    """The text of the card, with the front matter that the hub and `datasets` read."""
    size = next((name for limit, name in _SIZES if figures.rows < limit), "n>1M")
    splits = [split for split in SPLITS if split in dict(figures.by("split"))]
    files = "".join(f"  - split: {split}\n    path: data/{split}-*.{ending}\n" for split in splits)
    config = f"configs:\n- config_name: default\n  data_files:\n{files}" if files else ""
    return (
        "---\nsynthetic: true\nlanguage:\n- en\nlicense: other\nlicense_name: see-libraries-below\n"
        "annotations_creators:\n- machine-generated\ntask_categories:\n- text-generation\n"
        f"tags:\n- synthetic\n- code\n- python\nsize_categories:\n- {size}\n{config}---\n"
        f"# Dreams\n\n{figures.rows} synthetic programming tasks with solutions and tests, made and verified by"
        f" The Dreamer {background.version} from the documentation of the libraries below. No person wrote the rows;"
        " `review` says whether one approved it.\n"
        f"{_counts(figures)}{_libraries(figures)}{_gates(figures)}{_funnel(background)}{_LIMITS}"
    )


def _counts(figures: CardFigures) -> str:
    lines = [f"| {name} | {value} | {n} |" for name in FIELDS for value, n in figures.by(name)]
    return _section("Rows", "| Field | Value | Rows |", lines)


def _libraries(figures: CardFigures) -> str:
    found: Counter[tuple[str, str, str]] = Counter()
    for pin, n in figures.pins.items():
        found[(pin.name, pin.version, pin.license or "not stated")] += n
    lines = [f"| {' | '.join(names)} | {n} |" for names, n in sorted(found.items())]
    return _section("Libraries and licences", "| Library | Version | Licence as stated | Rows |", lines)


def _gates(figures: CardFigures) -> str:
    found: Counter[tuple[str, str, str]] = Counter()
    for gates, n in figures.passed.items():
        found.update({(one.gate, one.name, one.version): n for one in gates})
    lines = [f"| {' | '.join(names)} | {n} |" for names, n in sorted(found.items())]
    return _section("Gates that every row passed", "| Gate | Checks | Version | Rows |", lines)


def _funnel(background: Background) -> str:
    lines = [
        f"| {one.gate} | {one.name} | {one.entered} | {one.passed} | {one.entered - one.passed} |"
        for one in background.funnel
    ]
    title = f"Funnel over {background.nights} night{'' if background.nights == 1 else 's'}"
    return _section(title, "| Gate | Checks | Entered | Passed | Rejected |", lines)


def _section(title: str, head: str, lines: list[str]) -> str:
    rule = "|" + " --- |" * (head.count("|") - 1)
    return "\n".join(["", f"## {title}", "", head, rule, *lines, ""]) if lines else ""


_LIMITS = """
## Splits

By API: every task of `test` needs an API that no other split shows, and every task of `validation` one that `train`
never shows. APIs that a tenth of all tasks need are not held back.

## Limits

- Verified means: the tests pass on the solution and fail on stubs and mutants of it, in the versions above. It does not
  mean that a task is natural or useful.
- Tasks of origin `recorded` were woven without a model: their wording comes from templates, and the expected values are
  what the library did, including its bugs.
- Documentation that tasks were woven from belongs to its authors; mind the licences above.
- Not checked against public benchmarks.
"""
