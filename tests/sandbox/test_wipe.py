import os
from pathlib import Path

from dreamer_app.sandbox.runner.wipe import wipe


def test_a_tree_deeper_than_the_recursion_limit_is_emptied(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.close(here)
        here = below
    os.close(here)
    assert wipe([str(tmp_path)], seconds=300)
    assert list(tmp_path.iterdir()) == []


def test_links_are_removed_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "sub").mkdir()
    (folder / "sub" / "link").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    assert wipe([str(folder)])
    assert list(folder.iterdir()) == []
    assert (outside / "precious").read_text() == "x"


def test_a_folder_that_is_itself_a_link_is_not_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "outside"
    precious.mkdir()
    (precious / "file").write_text("x")
    (tmp_path / "link").symlink_to(precious)
    assert not wipe([str(tmp_path / "link")])
    assert (precious / "file").exists()


def test_closed_folders_and_odd_names_are_removed(tmp_path: Path) -> None:
    for name in ("-rf", "with space", "new\nline", ".hidden", "\udcff"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
        (tmp_path / name).chmod(0)
    os.mkfifo(tmp_path / "fifo")
    assert wipe([str(tmp_path)])
    assert list(tmp_path.iterdir()) == []


def test_running_out_of_time_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert not wipe([str(tmp_path)], seconds=-1)
