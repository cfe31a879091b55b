from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dreamer_app.core.errors import InfrastructureError, UsageError
from dreamer_app.core.settings import Settings, load_settings
from dreamer_app.core.settings.energy import EnergySettings
from dreamer_app.core.settings.interruptions import InterruptionSettings
from dreamer_app.core.settings.saving import save_settings
from dreamer_app.core.settings.schedule import ScheduleSettings, read_hours


def changed(**pages: dict) -> Settings:
    return Settings.model_validate(pages)


def test_only_what_differs_is_written_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.toml"
    settings = changed(schedule={"idle_minutes": 45, "quiet_hours": ("mon-fri 09:00-17:00",)}, night={"dreams": 7})
    save_settings(file, settings)
    assert load_settings(file) == settings
    assert set(file.read_text().split()) >= {"[schedule]", "[night]", "dreams"}
    assert "night_idle" not in file.read_text() and "[energy]" not in file.read_text()
    save_settings(file, Settings())
    assert load_settings(file) == Settings() and not file.read_text().strip()
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_comments_and_order_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    text = "# mine\n[energy]\n# the fan is loud\ncpu_shed = 78\n\n[night]\ndreams = 5 # enough\nminutes = 30\n"
    file.write_text(text)
    save_settings(file, load_settings(file))
    assert file.read_text() == text
    save_settings(file, changed(energy={"cpu_shed": 79}, night={"dreams": 5}))
    assert file.read_text() == text.replace("78", "79.0").replace("minutes = 30\n", "")
    save_settings(file, Settings())
    assert "# the fan is loud" in file.read_text() and load_settings(file) == Settings()


def test_a_file_that_is_broken_or_cannot_be_written_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[night\n")
    with pytest.raises(UsageError, match="cannot be saved"):
        save_settings(file, Settings())
    assert file.read_text() == "[night\n"
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(InfrastructureError, match="cannot be saved"):
        save_settings(tmp_path / "blocked" / "settings.toml", Settings())


@pytest.mark.parametrize(
    "wrong",
    [
        {"cpu_shed": 80, "cpu_resume": 78},
        {"gpu_stop": 79},
        {"foreign_cpu_resume": 25},
        {"busy_shed_seconds": 10},
        {"memory_resume": 10},
        {"disk_resume": 1},
    ],
)
def test_limits_that_would_flap_are_refused_by_name(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        EnergySettings.model_validate(wrong)


def test_times_that_make_no_sense_are_refused() -> None:
    for wrong in ({"night_start": "24:00"}, {"night_idle_minutes": 60}, {"quiet_hours": ("9-17",)}):
        with pytest.raises(ValidationError):
            ScheduleSettings.model_validate(wrong)
    for wrong in ({"resume_minutes": (10, 5)}, {"resume_minutes": ()}, {"nudge_silence_seconds": 5}):
        with pytest.raises(ValidationError):
            InterruptionSettings.model_validate(wrong)


def test_quiet_hours_are_read_with_their_days() -> None:
    assert read_hours("09:00-17:00").days == frozenset(range(7))
    assert read_hours("mon-fri 09:00-17:00").days == frozenset(range(5))
    assert read_hours("fri-mon,wed 22:00-04:00").days == frozenset({4, 5, 6, 0, 2})
    for wrong in ("", "xyz 09:00-10:00", "mon- 09:00-10:00", "09:00", "mon-tue-wed 09:00-10:00"):
        with pytest.raises(ValueError, match=r"not like|no day"):
            read_hours(wrong)


@given(
    st.fixed_dictionaries(
        {
            "schedule": st.fixed_dictionaries(
                {},
                optional={
                    "idle_minutes": st.floats(11, 600),
                    "by_day": st.booleans(),
                    "night_days": st.lists(st.sampled_from(["mon", "sun"]), max_size=2).map(tuple),
                },
            ),
            "energy": st.fixed_dictionaries({}, optional={"nut_server": st.text(max_size=40)}),
        }
    )
)
def test_any_settings_survive_the_file(tmp_path_factory: pytest.TempPathFactory, pages: dict) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    settings = changed(**pages)
    save_settings(file, settings)
    assert load_settings(file) == settings
