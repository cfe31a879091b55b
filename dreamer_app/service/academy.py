"""What happens to dreams after they are proved, as every surface asks for it: training files, seeds of the next night.

It puts the Academy's parts and the journal together; the work itself is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dreamer_app.academy.dataset_curator import DatasetCurator, ExportReport
from dreamer_app.academy.seeds import interest, read_failure, read_folder
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.service.export_preview import ExportPreview, preview
from dreamer_app.service.exporting import JournalDreams
from dreamer_app.store.sowing import SeedKind, SownName
from dreamer_app.store.store import Store

LONGEST_NOTE = 300


class Academy:
    """The Academy over one base folder.

    Args:
        store: The journal database.
        graph: Loads the knowledge graph as it is now.
        clock: What time it is.
    """

    def __init__(self, store: Store, graph: Callable[[], KnowledgeGraph], clock: Clock) -> None:
        self._store = store
        self._graph = graph
        self._clock = clock

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

    def preview(self, order: ExportOrder) -> ExportPreview:
        """What an export would write; blocking.

        Raises:
            UsageError: There is no such format.
            InfrastructureError: There is no room for one record.
        """
        try:
            return preview(JournalDreams(self._store), order)
        except OSError as error:
            raise InfrastructureError("The export cannot be shown", str(error), "Make room on the disk.") from error

    def sow_folder(self, folder: Path) -> int:
        """Read which APIs a project uses, replacing what was read from it before; blocking, and runs nothing of it.

        Returns:
            How many names are seeds now.

        Raises:
            UsageError: It is no folder.
        """
        return self._store.sowing.sow(SeedKind.USE, str(folder.absolute()), read_folder(folder).items())

    def sow_failure(self, text: str, source: str) -> int:
        """Take the APIs that a traceback or a test log speaks of as seeds; blocking.

        Args:
            text: As a terminal shows it.
            source: Where it comes from.

        Returns:
            How many of its names are APIs or libraries that are known here.
        """
        graph = self._graph()
        libraries = libraries_by_import(graph)
        known = [(name, n) for name, n in read_failure(text).items() if name in libraries or graph.api(name)]
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return self._store.sowing.sow(SeedKind.FAILURE, source, known, (lines or [""])[-1][:LONGEST_NOTE])

    def sow_wish(self, name: str) -> int:
        """Dream about this: an API by its dotted path, or a library.

        Returns:
            1, or 0 when nothing of that name is known here; it counts once it is.
        """
        self._store.sowing.sow(SeedKind.WISH, name, [(name, 1)])
        graph = self._graph()
        return int(name in libraries_by_import(graph) or graph.api(name) is not None)

    def seeds(self) -> tuple[SownName, ...]:
        """Every seed, newest first, rejected dreams among them."""
        return self._store.sowing.list()

    def forget_seeds(self, text: str) -> int:
        """Forget the seeds of a name, a folder or a file; returns how many there were."""
        return self._store.sowing.forget(text)

    def interest(self, graph: KnowledgeGraph) -> dict[str, float]:
        """What the next night should rather be about, by key of an API or name of a library, 0 to 1."""

        def key_of(name: str) -> str | None:
            api = graph.api(name)
            return api.key if api else None

        return interest(self.seeds(), key_of, self._clock.now(), libraries_by_import(graph))


def libraries_by_import(graph: KnowledgeGraph) -> dict[str, str]:
    """Import name, and distribution name, to distribution name."""
    return {name: pin.name for pin in graph.libraries() for name in (*pin.import_names, pin.name)}
