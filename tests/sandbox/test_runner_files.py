import os
import stat
from pathlib import Path

from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox.docker.runner_files import SOURCE, install_runner


def test_the_copy_is_whole_and_readable_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        folder = install_runner(DataPaths(tmp_path))
    finally:
        os.umask(before)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file.name: file.read_bytes() for file in SOURCE.glob("*.py")
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o444 for file in folder.iterdir())


def test_a_second_call_finds_the_copy_and_a_changed_runner_gets_another(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "start.py").write_text("1")
    paths = DataPaths(tmp_path / "base")
    first = install_runner(paths, source)
    assert install_runner(paths, source) == first
    (source / "start.py").write_text("2")
    assert install_runner(paths, source) != first
    assert (first / "start.py").read_text() == "1"
    assert [entry for entry in first.parent.iterdir() if entry.name.startswith(".")] == []
