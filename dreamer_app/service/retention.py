"""Cleaning by age and by size, shown before it is done. Dreams that a person approved are in no plan, ever.

What can be fetched or built again is removed; dreams are put aside first, so that a cleaning can be taken back. A plan
is carried out only as far as it still holds. Blocking; call it in a thread.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from dreamer_app.academy.record import folder_of, folders, read_record
from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import DreamerError, UsageError
from dreamer_app.core.i18n import mark
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import StorageSettings
from dreamer_app.core.types import DreamState, Frozen, Review
from dreamer_app.service.disk import NAMES, size_of
from dreamer_app.store.lock import BaseFolderLock
from dreamer_app.store.retention import OldDream
from dreamer_app.store.store import Store

_log = logging.getLogger(__name__)

ItemKind = Literal["sources", "environments", "images", "earlier", "logs", "rejected", "unreviewed", "failed"]
UNUSED: tuple[ItemKind, ...] = ("sources", "environments", "images", "earlier")
ORDER: tuple[ItemKind, ...] = (*UNUSED, "logs", "failed", "rejected", "unreviewed")
"""What goes first when the folder is too large."""
DREAMS: frozenset[ItemKind] = frozenset({"rejected", "unreviewed", "failed"})
GIGABYTE = 1e9
_STAMP = "%Y%m%dT%H%M%S"


class Item(Frozen):
    """One thing that goes.

    Attributes:
        kind: What it is.
        name: Identifier of a dream, or its path below the base folder.
        title: Of a dream, else the name of its file or folder.
        size: Bytes on the disk.
        days: How old it is, or for how long it was not needed.
        reason: `age`, or `size` when the base folder is too large.
    """

    kind: ItemKind
    name: str
    title: str
    size: int
    days: int
    reason: Literal["age", "size"]


class CleaningPlan(Frozen):
    """What a cleaning would take.

    Attributes:
        items: What goes, in the order in which it goes.
        size: Bytes of the base folder now.
        limit: Bytes that it may have, None without a limit.
    """

    items: tuple[Item, ...]
    size: int
    limit: int | None = None

    @property
    def freed(self) -> int:
        """Bytes that go."""
        return sum(item.size for item in self.items)


class Cleaned(Frozen):
    """What a cleaning took.

    Attributes:
        items: What is gone.
        freed: Bytes; those of dreams are free only when the cleaning cannot be taken back any more.
        undoable: Dreams that can be had back.
    """

    items: tuple[Item, ...]
    freed: int
    undoable: int


class Retention:
    """Cleans one base folder.

    Args:
        store: The journal.
        paths: The base folder.
        settings: How long things are kept, as they are when it is asked.
        clock: What time it is.
    """

    def __init__(self, store: Store, paths: DataPaths, settings: Callable[[], StorageSettings], clock: Clock) -> None:
        self._store, self._paths, self._settings, self._clock = store, paths, settings, clock

    def plan(self, settings: StorageSettings | None = None) -> CleaningPlan:
        """What a cleaning would take now; nothing is touched.

        Args:
            settings: Other limits than those of the settings file.
        """
        settings = settings or self._settings()
        known = sorted(self._everything(), key=lambda one: (ORDER.index(one.kind), -one.days, one.name))
        kept_days = {kind: _days(kind, settings) for kind in ORDER}
        items = [one for one in known if 0 < kept_days[one.kind] <= one.days]
        total = size_of(self._paths.base)
        limit = int(settings.largest_gigabytes * GIGABYTE) or None
        over = total - sum(item.size for item in items) - limit if limit is not None else 0
        for one in known:
            if over <= 0:
                break
            if one.size and kept_days[one.kind] > 0 and one.days < kept_days[one.kind]:
                items.append(one.model_copy(update={"reason": "size"}))
                over -= one.size
        return CleaningPlan(items=tuple(items), size=total, limit=limit)

    def clean(self, plan: CleaningPlan) -> Cleaned:
        """Take what a plan says, as far as it may still go.

        Raises:
            UsageError: A night is under way, which needs some of it.
            InfrastructureError: The journal cannot be written.
        """
        with BaseFolderLock(self._paths.lock):
            return self._carry_out(plan)

    def _carry_out(self, plan: CleaningPlan) -> Cleaned:
        self._expire()
        gone = self._store.retention.forget([item.name for item in plan.items if item.kind in DREAMS])
        done, undoable = [], 0
        aside = self._paths.cleaned / self._clock.now().astimezone(UTC).strftime(_STAMP)
        for item in plan.items:
            if item.kind not in DREAMS:
                _remove(self._paths.base / item.name)
            elif item.name not in gone:
                continue
            else:
                undoable += self._put_aside(item.name, aside)
            done.append(item)
        return Cleaned(items=tuple(done), freed=sum(item.size for item in done), undoable=undoable)

    def undo(self) -> tuple[str, ...]:
        """Bring the dreams of the latest cleaning back, with the word that they had.

        Returns:
            Their identifiers.

        Raises:
            UsageError: No cleaning can be taken back, or a night is under way.
            InfrastructureError: The journal cannot be written.
        """
        with BaseFolderLock(self._paths.lock):
            return self._bring_back()

    def _bring_back(self) -> tuple[str, ...]:
        latest = max(self._aside(), default=None)
        if latest is None:
            raise UsageError(
                "There is no cleaning to take back",
                f"Dreams can be had back for {self._settings().undo_days} days after they were cleaned.",
                "What was fetched or built before is fetched or built again when it is needed.",
            )
        back = []
        for folder in folders(latest):
            dream = read_record(folder, allow_changes=True)
            target = folder_of(self._paths.dreams, dream.id)
            if not target.exists():
                folder.rename(target)
            if self._store.dreams.adopt(dream):
                back.append(dream.id)
        self._store.retention.remember(back)
        _remove(latest)
        return tuple(back)

    def after_night(self) -> None:
        """Clean what is older than it may be, where the settings say so; a failure is told and nothing more.

        The caller holds the base folder's lock.
        """
        if not self._settings().clean_after_nights:
            return
        try:
            cleaned = self._carry_out(self.plan())
        except (DreamerError, OSError) as error:
            _log.warning("what is old could not be cleaned: %s", error)
            return
        if cleaned.items:
            _log.info("cleaned %d things, %d bytes", len(cleaned.items), cleaned.freed)

    def _everything(self) -> Iterator[Item]:
        for dream in self._store.retention.candidates():
            folder = folder_of(self._paths.dreams, dream.id)
            yield self._item(_kind(dream), dream.id, dream.title, folder, dream.since)
        groups: dict[ItemKind, Iterable[Path]] = {
            "sources": _children(self._paths.sources),
            "environments": _children(self._paths.environments),
            "images": _children(self._paths.images),
            "earlier": [one for one in (self._paths.base / "earlier_versions",) if one.is_dir()],
            "logs": _children(self._paths.nights),
        }
        for kind, found in groups.items():
            for path in found:
                yield self._item(kind, str(path.relative_to(self._paths.base)), path.name, path, _needed(path))

    def _item(self, kind: ItemKind, name: str, title: str, place: Path, since: datetime) -> Item:
        days = max(0, (self._clock.now() - since).days)
        return Item(kind=kind, name=name, title=title, size=size_of(place), days=days, reason="age")

    def _put_aside(self, dream_id: str, aside: Path) -> int:
        folder = folder_of(self._paths.dreams, dream_id)
        if not folder.is_dir():
            return 0
        aside.mkdir(parents=True, exist_ok=True)
        folder.rename(aside / folder.name)
        return 1

    def _aside(self) -> list[Path]:
        return [one for one in _children(self._paths.cleaned) if any(folders(one))]

    def _expire(self) -> None:
        """Let go for good of what was cleaned long ago."""
        last = self._clock.now() - timedelta(days=self._settings().undo_days)
        for one in _children(self._paths.cleaned):
            if one.name < last.astimezone(UTC).strftime(_STAMP):
                _remove(one)


def sentence(kind: ItemKind) -> str:
    """What a kind is, in words."""
    if kind in NAMES:
        return NAMES[kind][0]
    return {
        "earlier": mark("Earlier versions"),
        "rejected": mark("Dreams you rejected"),
        "unreviewed": mark("Dreams nobody looked at"),
        "failed": mark("Failed and unfinished dreams"),
    }[kind]


def _kind(dream: OldDream) -> ItemKind:
    if dream.state is not DreamState.VERIFIED:
        return "failed"
    return "rejected" if dream.review is Review.REJECTED else "unreviewed"


def _days(kind: ItemKind, settings: StorageSettings) -> int:
    if kind in UNUSED:
        return settings.unused_days
    return int(getattr(settings, f"{kind.removesuffix('s') if kind == 'logs' else kind}_days"))


def _needed(path: Path) -> datetime:
    """When something was written or needed last: for an environment, its description is touched by each use."""
    own = [path, *(child for child in _children(path) if child.is_file())] if path.is_dir() else [path]
    return datetime.fromtimestamp(max(one.lstat().st_mtime for one in own), UTC)


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
