import importlib.util
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
    assert {file.name: file.read_bytes() for file in folder.glob("*.py")} == {
        file.name: file.read_bytes() for file in SOURCE.glob("*.py")
    }
    compiled = folder / "__pycache__"
    assert {importlib.util.source_from_cache(str(file)) for file in compiled.iterdir()} == {
        str(file) for file in folder.glob("*.py")
    }
    assert {stat.S_IMODE(place.stat().st_mode) for place in (folder, compiled)} == {0o755}
    assert {stat.S_IMODE(file.stat().st_mode) for file in (*folder.glob("*.py"), *compiled.iterdir())} == {0o444}


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
