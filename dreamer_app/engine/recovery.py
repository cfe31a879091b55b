"""Puts journal and dream folders in order after any end, however sudden.

A verified dream exists as soon as its folder does: folders without a settled row are adopted, settled rows without a
folder get it back. Trials of a dead session are void. Runs only under the base folder's lock, or it would take a live
night for a dead one.
"""

from __future__ import annotations

import logging

from dreamer_app.academy.record import RecordError, bring_up_to_date, folder_of, folders, read_record, write_record
from dreamer_app.core.atomic import remove_unfinished
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState, Frozen
from dreamer_app.store.store import Store

_log = logging.getLogger(__name__)


class Recovery(Frozen):
    """What was put in order.

    Attributes:
        adopted: Dreams taken in from their folders.
        rewritten: Dreams whose folders were written again from the journal.
        interrupted: Trials of dead sessions, to be dreamt again.
        crashed: Nights that were left open.
        removed: Unfinished files and folders removed.
        damaged: Folders that could not be read, each with its reason.
    """

    adopted: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    interrupted: int = 0
    crashed: tuple[str, ...] = ()
    removed: int = 0
    damaged: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there was anything to do."""
        return self != Recovery()


def recover(store: Store, paths: DataPaths) -> Recovery:
    """Put everything in order; blocking, and harmless to repeat. The caller holds the lock.

    Raises:
        InfrastructureError: The journal cannot be read or written.
        OSError: A folder cannot be written.
    """
    removed = remove_unfinished(paths.dreams)
    verified = store.dreams.ids(DreamState.VERIFIED)
    adopted, damaged = [], []
    for folder in folders(paths.dreams):
        removed += remove_unfinished(folder)
        if folder.name.removeprefix("dream_") in verified:
            continue
        try:
            dream = read_record(folder)
        except RecordError as error:
            damaged.append(error.message)
            continue
        if store.dreams.adopt(dream):
            adopted.append(dream.id)
    rewritten = [identifier for identifier in sorted(verified) if _rewrite(store, paths, identifier)]
    for identifier in sorted(store.dreams.stale_folders()):
        bring_review_up_to_date(store, paths, identifier)
    recovery = Recovery(
        adopted=tuple(adopted),
        rewritten=tuple(rewritten),
        interrupted=store.dreams.interrupt_running(),
        crashed=tuple(night.id for night in store.nights.close_crashed()),
        removed=removed,
        damaged=tuple(damaged),
    )
    if recovery.anything:
        _log.info("put in order after an unclean end: %s", recovery)
    return recovery


def bring_review_up_to_date(store: Store, paths: DataPaths, dream_id: str) -> None:
    """Write a person's word, and a person's own solution, into a dream's folder; until then it is remembered as due.

    Raises:
        OSError: The folder cannot be written.
    """
    dream = store.dreams.get(dream_id)
    if dream is None:
        return
    try:
        bring_up_to_date(paths.dreams, dream)
    except RecordError as error:
        _log.warning("%s", error)
        return
    store.dreams.folder_written(dream_id, dream.review)


def _rewrite(store: Store, paths: DataPaths, dream_id: str) -> bool:
    if folder_of(paths.dreams, dream_id).exists():
        return False
    dream = store.dreams.get(dream_id)
    if dream is None:
        return False
    write_record(paths.dreams, dream)
    return True
