"""Where things are: one class for the data folder, one function for what ships with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

APP_NAME = "dreamer"


@dataclass(frozen=True)
class DataPaths:
    """Every file and folder that the program writes, under one base folder.

    Attributes:
        base: The base folder (`--base-dir`), by default the platform's data folder.
    """

    base: Path

    @classmethod
    def default(cls) -> DataPaths:
        """The platform's usual place (XDG on Linux)."""
        return cls(Path(platformdirs.user_data_dir(APP_NAME)))

    @property
    def database(self) -> Path:
        """Dreams, nights, attempts, decisions."""
        return self.base / "dreamer.sqlite"

    @property
    def knowledge(self) -> Path:
        """The knowledge graph. Can always be rebuilt by ingesting again."""
        return self.base / "knowledge.sqlite"

    @property
    def dreams(self) -> Path:
        """One folder per verified dream."""
        return self.base / "synthetic_training"

    @property
    def cleaned(self) -> Path:
        """Folders of dreams that were cleaned and can be had back for a while, one folder per cleaning."""
        return self.base / "cleaned"

    @property
    def nights(self) -> Path:
        """One log file per night."""
        return self.base / "nights"

    @property
    def sources(self) -> Path:
        """Downloaded archives, by digest."""
        return self.base / "sources"

    @property
    def environments(self) -> Path:
        """Library environments for the workers, content addressed."""
        return self.base / "environments"

    @property
    def images(self) -> Path:
        """Worker image archives."""
        return self.base / "images"

    @property
    def prompts(self) -> Path:
        """Prompts that the user has changed, by the names of ours."""
        return self.base / "prompts"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.base / "settings.toml"

    @property
    def lock(self) -> Path:
        """Held by the one process that dreams in this folder."""
        return self.base / "dreamer.lock"

    @property
    def resident_lock(self) -> Path:
        """Held by the one program that stays resident over this folder."""
        return self.base / "resident.lock"

    @property
    def resident_memory(self) -> Path:
        """What the resident program remembers from one start to the next."""
        return self.base / "resident.json"

    @property
    def address(self) -> Path:
        """Where the resident program can be reached; there while it runs."""
        return self.base / "running.json"

    @property
    def desktop_memory(self) -> Path:
        """What the desktop has said once already."""
        return self.base / "desktop.json"

    @property
    def log(self) -> Path:
        """What the program that stays has to say about itself."""
        return self.base / "dreamer.log"

    @property
    def api_token(self) -> Path:
        """What other programs show to be let in; readable by its owner only."""
        return self.base / "api-token"

    def create(self) -> None:
        """Make the folders that every command needs."""
        for folder in (self.base, self.dreams, self.nights, self.sources, self.environments, self.images):
            folder.mkdir(parents=True, exist_ok=True)


def resource(name: str, kind: Literal["resources", "prompts"] = "resources") -> Path:
    """A file that ships with the program, in a checkout as in an installation.

    Raises:
        FileNotFoundError: There is no such resource.
    """
    package = Path(__file__).resolve().parent.parent
    for root in (package / f"_{kind}", package.parent / kind):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name!r} of the {kind} is not part of this installation")
