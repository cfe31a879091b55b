"""Settings: declared once, refused by name when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.errors import UsageError
from dreamer_app.core.settings import Section, Settings, load_settings


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_values_are_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[night]\ndreams = 7\n[workers]\nmemory = 256\n", encoding="utf-8")
    settings = load_settings(file)
    assert (settings.night.dreams, settings.workers.memory) == (7, 256)
    assert settings.guardian == Settings().guardian


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[night]\ndreams = 0\n", "night.dreams"),
        ("[night]\ndream = 5\n", "night.dream"),
        ("[guardian]\nmutation_score = 0.5\n", "guardian.mutation_score"),
        ("[guardian]\nnovelty = 0.95\n", "guardian.novelty"),
        ("[night\n", "settings.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings(file)
    assert names in caught.value.message
    assert caught.value.hint


def test_every_setting_explains_itself() -> None:
    for name, page in Settings.model_fields.items():
        section = page.annotation
        assert isinstance(section, type)
        assert issubclass(section, Section)
        for key, field in section.model_fields.items():
            assert field.title, f"{name}.{key} has no title"
            assert field.description, f"{name}.{key} has no description"
            assert isinstance(field.json_schema_extra, dict)
            assert "unit" in field.json_schema_extra, f"{name}.{key} has no unit"
