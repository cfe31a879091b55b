"""The plain values that travel between rooms: scenarios, candidates, receipts, verdicts, dreams.

All are frozen and refer to nothing of this machine, so a trial may run anywhere and twice. Nothing here computes
more than an identifier.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import JsonValue

from dreamer_app.core.frozen import Frozen as Frozen  # noqa: PLC0414  (known to everybody as a name of this module)
from dreamer_app.core.frozen import ModelUse as ModelUse  # noqa: PLC0414  (the same)

SCHEMA_VERSION = 1


class LibraryPin(Frozen):
    """One distribution at one exact version.

    Attributes:
        name: Normalised distribution name (PEP 503), e.g. `more-itertools`.
        version: Exact version, e.g. `8.2.8`.
        license: SPDX expression or the licence text's first line as the distribution states it; None when unstated.
        import_names: Top-level packages that it provides, e.g. `("more_itertools",)`.
    """

    name: str
    version: str
    license: str | None = None
    import_names: tuple[str, ...] = ()


class ApiUse(Frozen):
    """One API node that a scenario is about.

    Attributes:
        name: Public dotted path as a user would import it, e.g. `textual.widgets.Input` or `rich.table.Table.add_row`.
        library: Distribution name.
        kind: What it is.
    """

    name: str
    library: str
    kind: Literal["function", "class", "method", "attribute"]


class Quote(Frozen):
    """A short passage of documentation.

    Attributes:
        node: Key of the graph node that it comes from.
        text: The passage.
        sha256: Digest of the whole document it was taken from.
    """

    node: str
    text: str
    sha256: str


class Relation(Frozen):
    """One edge of the knowledge graph that a scenario rests on."""

    src: str
    kind: str
    dst: str


class Knowledge(Frozen):
    """What a scenario was woven from.

    Attributes:
        cluster: Identifier of the community or bridge.
        nodes: Keys of the graph nodes.
        relations: Edges between them.
        quotes: Passages that back the task.
        examples: Keys of the documentation examples used as raw material.
    """

    cluster: str
    nodes: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    quotes: tuple[Quote, ...] = ()
    examples: tuple[str, ...] = ()


class Difficulty(Frozen):
    """How hard a scenario is, with its parts in the open.

    Attributes:
        score: 0 (trivial) to 1.
        parts: Each contribution by name, e.g. statements, api_nodes, libraries, rarity.
    """

    score: float
    parts: dict[str, float]


class Naturalness(Frozen):
    """How much the task reads like something a programmer would ask for.

    Attributes:
        score: 0 (silly) to 1.
        parts: Each contribution by name.
    """

    score: float
    parts: dict[str, float]


class Triviality(Frozen):
    """The measured evidence that a scenario is not trivial.

    Attributes:
        necessary_apis: API nodes whose ablation changes what the tests observe.
        documented_shapes: Whether the inputs have a shape that the documentation shows for the first API; None when
            that was not measured, as for apps, whose inputs are key presses.
        nearest_example: Key of the most similar documentation example.
        similarity: Jaccard similarity to it over token 5-grams, 0 to 1.
    """

    necessary_apis: tuple[str, ...]
    documented_shapes: bool | None
    nearest_example: str | None
    similarity: float


class Scenario(Frozen):
    """What to build, and how to tell whether it was built.

    Attributes:
        title: One line in the imperative or a noun phrase.
        prompt: The task text that a person or a model reads. Markdown.
        kind: `function` (the entry point is called) or `app` (an application is driven through its pilot).
        entry_point: Name that `solution.py` must define.
        signature: The pinned line, e.g. `def solve(rows: list[tuple[str, int]]) -> str:`.
        tests: Source of `test_solution.py`: fixture-free `test_*` functions (plain or `async` with
            `@pytest.mark.asyncio`) whose assertions are `assert <expression> == <literal>`.
        libraries: Libraries under study, exact.
        uses_api: API nodes that the solution needs; each is proved necessary by ablation.
        knowledge: Where the idea comes from.
        pattern: How it was woven, e.g. `lift`, `compose`, `hole`, `merge`.
        origin: `recorded` or `model:<name>`.
        seed: Seed of the random choices that led to it.
        broken: For a debug dream, the program that is to be mended.
        base: For a debug dream, the dream whose solution that program was.
    """

    title: str
    prompt: str
    kind: Literal["function", "app"]
    entry_point: str
    signature: str
    tests: str
    libraries: tuple[LibraryPin, ...]
    uses_api: tuple[ApiUse, ...]
    knowledge: Knowledge
    difficulty: Difficulty
    naturalness: Naturalness
    triviality: Triviality
    pattern: str
    origin: str
    seed: int
    broken: str | None = None
    base: str | None = None

    @property
    def id(self) -> str:
        """16 hexadecimal digits that depend only on what is asked for."""
        apis = sorted(use.name for use in self.uses_api)
        content = json.dumps([self.prompt, self.entry_point, self.signature, apis, self.tests])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


class Candidate(Frozen):
    """One proposed `solution.py`.

    Attributes:
        solution: Its source.
        coder: Who wrote it: `recorded` or `model:<name>`.
    """

    solution: str
    coder: str


class WovenScenario(Frozen):
    """What a weaver hands over; a weaver that starts from real code knows a solution already.

    Attributes:
        scenario: The task.
        reference: The code whose behaviour was recorded, or None.
        use: What a model was asked for it.
    """

    scenario: Scenario
    reference: Candidate | None = None
    use: ModelUse = ModelUse()


class GateVerdict(StrEnum):
    """A gate's word. Everything but `passed` ends the proof."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Receipt(Frozen):
    """What one gate saw.

    Attributes:
        gate: Identifier, e.g. `G5`.
        name: Plain words, e.g. `clean run`.
        version: Of the gate's own rules; a change makes old receipts visibly stale.
        verdict: The gate's word.
        evidence: Figures and findings that back it, JSON only.
        seconds: Wall-clock time.
    """

    gate: str
    name: str
    version: str
    verdict: GateVerdict
    evidence: dict[str, JsonValue]
    seconds: float


class Tier(StrEnum):
    """How far a dream was proved (DESIGN, The proof)."""

    GOLD = "gold"
    SILVER = "silver"
    RECORDED = "recorded"


class Verdict(Frozen):
    """The Guardian's word over one candidate.

    Attributes:
        accepted: Every gate passed.
        tier: Only for accepted candidates.
        receipts: In the order in which the gates ran; the last one stopped a rejected candidate.
    """

    accepted: bool
    tier: Tier | None
    receipts: tuple[Receipt, ...]

    @property
    def stopped_by(self) -> Receipt | None:
        """The receipt that ended the proof, None when it was accepted."""
        return None if self.accepted or not self.receipts else self.receipts[-1]


class Review(StrEnum):
    """A person's word. Never mixed with the machine's."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class DreamState(StrEnum):
    """Where a dream is in its life, by the machine's word alone."""

    RUNNING = "running"
    VERIFIED = "verified"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Provenance(Frozen):
    """What it takes to dream the same dream again.

    Attributes:
        app_version: Of The Dreamer.
        weaver: Name and version of the weaver.
        seed: Of the scenario.
        image: Worker image identifier.
        environment: Identifier of the library environment.
        python: Python version inside the worker.
        policy: Digest of the Guardian's gate versions and thresholds.
        prompts: Prompt names and versions, empty for recorded dreams.
        model: Model and sampling, None for recorded dreams.
    """

    app_version: str
    weaver: str
    seed: int
    image: str
    environment: str
    python: str
    policy: str
    prompts: Mapping[str, str] = {}
    model: dict[str, JsonValue] | None = None


class Cost(Frozen):
    """What a dream took. None means unknown, never zero.

    Attributes:
        seconds: Wall-clock seconds of the proof.
        cpu_seconds: CPU time of its worker, where it was reported.
        tokens: Model tokens, 0 for recorded dreams.
        watt_hours: Energy, where it can be read.
    """

    seconds: float
    cpu_seconds: float | None = None
    tokens: int = 0
    watt_hours: float | None = None


class Dream(Frozen):
    """One scenario's whole life.

    Attributes:
        id: The scenario's identifier.
        night_id: The night it was first dreamt in.
        created_at: Timezone-aware UTC.
        state: The machine's word.
        review: A person's word.
        scenario: What was asked for.
        candidate: The code that was judged.
        verdict: The Guardian's word, None while running.
        requirements: Exact pins, one `name==version` each, of everything its tests need.
        provenance: How to repeat it.
        cost: What it took.
    """

    id: str
    night_id: str
    created_at: datetime
    state: DreamState
    review: Review = Review.PENDING
    scenario: Scenario
    candidate: Candidate
    verdict: Verdict | None
    requirements: tuple[str, ...]
    provenance: Provenance
    cost: Cost


class NightEnd(StrEnum):
    """Why a night ended."""

    ENOUGH = "enough dreams"
    TIME = "time is up"
    SATURATED = "nothing new to dream about"
    WOKEN = "the computer was needed"
    STOPPED = "stopped by the user"
    FAILED = "infrastructure failure"
    CRASHED = "the program ended without closing the night"


class Night(Frozen):
    """One session of dreaming.

    Attributes:
        id: Sortable identifier that starts with its UTC time.
        started_at: Timezone-aware UTC.
        ended_at: None while it lasts.
        end: Why it ended, None while it lasts.
        libraries: Libraries under study.
        seed: Of all random choices.
        figures: Counts by name: `scenarios`, `verified`, `rejected`, `interrupted`, `stopped_by.<gate>`, ...
    """

    id: str
    started_at: datetime
    ended_at: datetime | None = None
    end: NightEnd | None = None
    libraries: tuple[LibraryPin, ...]
    seed: int
    figures: Mapping[str, float] = {}
