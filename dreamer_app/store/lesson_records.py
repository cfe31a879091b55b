"""What is stored of a lesson, as values. Everything that an answer needs is in it, so that no answer opens a file."""

from __future__ import annotations

from datetime import datetime

from dreamer_app.core.types import Frozen, LibraryPin, Review, Tier


class Lesson(Frozen):
    """A proven dream as it is served to coders and agents.

    Attributes:
        id: The dream's.
        title: Of its scenario.
        task: What was asked for, Markdown.
        signature: The pinned line.
        entry_point: Name that the code defines.
        code: The proven solution.
        tests: Its acceptance tests.
        apis: Public dotted paths of the APIs that it needs.
        libraries: At the versions that it was proved with.
        quotes: Passages of documentation that back it.
        nodes: Keys of the graph nodes around it, the APIs among them.
        kind: `function` or `app`.
        origin: `recorded` or `model:<name>`.
        tier: How far it was proved.
        review: A person's word when it was learned.
        uses: How often it was used.
    """

    id: str
    title: str
    task: str
    signature: str
    entry_point: str
    code: str
    tests: str
    apis: tuple[str, ...]
    libraries: tuple[LibraryPin, ...]
    quotes: tuple[str, ...]
    nodes: tuple[str, ...]
    kind: str
    origin: str
    tier: Tier
    review: Review
    uses: int = 0


class LessonUse(Frozen):
    """One use of a lesson.

    Attributes:
        lesson_id: The lesson.
        by: Who used it, e.g. `coder` or `mcp`.
        used_at: Timezone-aware UTC.
    """

    lesson_id: str
    by: str
    used_at: datetime


class LessonFilter(Frozen):
    """Which lessons are wanted.

    Attributes:
        library: Distribution name, None for all.
        versions: Exact versions of that library; None for all. Without a library it means nothing.
    """

    library: str | None = None
    versions: tuple[str, ...] | None = None
