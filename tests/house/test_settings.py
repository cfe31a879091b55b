"""Every setting can be explained to a person."""

from __future__ import annotations

from pydantic import BaseModel

from dreamer_app.core.settings import Settings


def all_fields() -> list[tuple[str, object]]:
    """Every setting by its full name, with its declaration."""
    found: list[tuple[str, object]] = []
    for page, declaration in Settings.model_fields.items():
        section = declaration.annotation
        assert isinstance(section, type)
        assert issubclass(section, BaseModel), page
        found += [(f"{page}.{name}", field) for name, field in section.model_fields.items()]
    return found


def test_every_setting_has_title_description_and_unit() -> None:
    fields = all_fields()
    assert len(fields) > 10
    for name, field in fields:
        assert field.title, name
        assert field.description, name
        assert field.description.endswith("."), name
        assert isinstance(field.json_schema_extra, dict), name
        assert "unit" in field.json_schema_extra, name


def test_the_defaults_are_within_their_own_bounds() -> None:
    assert Settings.model_validate(Settings().model_dump()) == Settings()
