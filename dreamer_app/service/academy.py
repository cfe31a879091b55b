"""What happens to dreams after they are proved, as every surface asks for it: training files.

It puts the Academy's parts and the journal together; the work itself is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dreamer_app.academy.dataset_curator import DatasetCurator, ExportReport
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.service.exporting import JournalDreams
from dreamer_app.store.store import Store


class Academy:
    """The Academy over one base folder.

    Args:
        store: The journal database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def export(
        self, order: ExportOrder, out: Path, *, held_out: Sequence[Path] = (), told: Callable[[int], None] | None = None
    ) -> ExportReport:
        """Write training files; blocking.

        Args:
            order: Which dreams, as what.
            out: Folder for the files.
            held_out: Files that the solutions are compared with.
            told: Hears now and then how many dreams were written.

        Raises:
            UsageError: There is no such format.
            InfrastructureError: The files cannot be read or written.
        """
        dreams = JournalDreams(self._store)
        curator = DatasetCurator(dreams.background())
        try:
            return curator.export(dreams, order, out, held_out=held_out, told=told or (lambda _: None))
        except OSError as error:
            raise InfrastructureError(
                "The export cannot be written", f"{out}: {error}", "Check the folder's rights and the disk's room."
            ) from error
