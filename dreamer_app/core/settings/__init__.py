"""Every setting, declared once: title, description, bounds, unit. One page of settings a file.

The settings dialog, the TOML file, the command line and the docs page are generated from these models. Unknown keys
and values out of bounds are refused with the name of the setting.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from dreamer_app.core.errors import UsageError
from dreamer_app.core.settings.api import ApiSettings
from dreamer_app.core.settings.curriculum import CurriculumSettings
from dreamer_app.core.settings.desktop import DesktopSettings, NotificationSettings
from dreamer_app.core.settings.energy import EnergySettings
from dreamer_app.core.settings.guardian import GuardianSettings
from dreamer_app.core.settings.image import ImageSettings
from dreamer_app.core.settings.interruptions import InterruptionSettings
from dreamer_app.core.settings.lessons import LessonSettings
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.core.settings.night import NightSettings
from dreamer_app.core.settings.oracle import OracleSettings
from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.core.settings.schedule import ScheduleSettings
from dreamer_app.core.settings.section import Section
from dreamer_app.core.settings.storage import StorageSettings
from dreamer_app.core.settings.weaver import WeaverSettings
from dreamer_app.core.settings.workers import WorkerSettings

__all__ = [
    "ApiSettings",
    "CurriculumSettings",
    "DesktopSettings",
    "EnergySettings",
    "GuardianSettings",
    "ImageSettings",
    "InterruptionSettings",
    "LessonSettings",
    "ModelSettings",
    "NightSettings",
    "NotificationSettings",
    "OracleSettings",
    "PresenceSettings",
    "ScheduleSettings",
    "Section",
    "Settings",
    "StorageSettings",
    "WeaverSettings",
    "WorkerSettings",
    "load_settings",
]


class Settings(Section):
    """All pages."""

    night: NightSettings = NightSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    interruptions: InterruptionSettings = InterruptionSettings()
    energy: EnergySettings = EnergySettings()
    workers: WorkerSettings = WorkerSettings()
    guardian: GuardianSettings = GuardianSettings()
    weaver: WeaverSettings = WeaverSettings()
    oracle: OracleSettings = OracleSettings()
    image: ImageSettings = ImageSettings()
    api: ApiSettings = ApiSettings()
    lessons: LessonSettings = LessonSettings()
    model: ModelSettings = ModelSettings()
    curriculum: CurriculumSettings = CurriculumSettings()
    presence: PresenceSettings = PresenceSettings()
    storage: StorageSettings = StorageSettings()
    desktop: DesktopSettings = DesktopSettings()
    notifications: NotificationSettings = NotificationSettings()


def load_settings(file: Path) -> Settings:
    """Read the settings file; a missing file means the defaults.

    Raises:
        UsageError: The file is not TOML, names an unknown setting or holds a value out of bounds.
    """
    if not file.exists():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "Settings cannot be read", f"{file}: {error}", "Mend the line or move the file away."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            "A setting is not valid", f"{file}: {name}: {first['msg']}", f"Correct or remove `{name}`."
        ) from error
