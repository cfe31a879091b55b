"""Archives that nobody vouches for: read into memory, or refused whole."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from dreamer_app.core.errors import SourceError
from dreamer_app.oracle.sources import archive
from dreamer_app.oracle.sources.archive import read_archive, without_top_folder
from tests.oracle.archives import sdist, wheel
from tests.oracle.golden import MODULES


def zipped(file: Path, members: dict[str, bytes], modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (modes or {}).get(name, stat.S_IFREG | 0o644) << 16
            out.writestr(info, content)
    return file


def tarred(file: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(file, "w:gz") as out:
        for info, content in members:
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    return file


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def test_reads_wheels_and_source_archives(tmp_path):
    packed = read_archive(wheel(tmp_path), 10)
    assert packed["minilib/shapes.py"].decode() == MODULES["minilib/shapes.py"]
    source = without_top_folder(read_archive(sdist(tmp_path), 10))
    assert source["minilib/shapes.py"] == packed["minilib/shapes.py"]
    assert "examples/show/app.tcss" in source


def test_nothing_is_written(tmp_path):
    before = sorted(tmp_path.rglob("*")), wheel(tmp_path)
    read_archive(before[1], 10)
    assert sorted(tmp_path.rglob("*")) == [before[1]]


@pytest.mark.parametrize("name", ["../up.py", "a/../../up.py", "/etc/x.py", "C:/x.py", "..\\up.py", "a\\..\\..\\b.py"])
def test_climbing_names_are_refused(tmp_path, name):
    file = zipped(tmp_path / "bad-1.0-py3-none-any.whl", {"ok/__init__.py": b"", name: b"x = 1"})
    with pytest.raises(SourceError) as caught:
        read_archive(file, 10)
    assert "bad-1.0-py3-none-any.whl" in caught.value.message
    assert caught.value.hint
    with pytest.raises(SourceError):
        read_archive(tarred(tmp_path / "bad.tar.gz", [(member(name), b"x = 1")]), 10)


def test_links_in_zips_are_refused(tmp_path):
    file = zipped(tmp_path / "bad.zip", {"a.py": b"/etc/passwd"}, {"a.py": stat.S_IFLNK | 0o777})
    with pytest.raises(SourceError, match="link or a device"):
        read_archive(file, 10)


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_devices_are_refused(tmp_path, kind):
    with pytest.raises(SourceError, match="device or a pipe"):
        read_archive(tarred(tmp_path / "bad.tar.gz", [(member("a/dev.py", kind), b"")]), 10)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_that_leave_are_refused_and_links_that_stay_are_passed_over(tmp_path, kind):
    with pytest.raises(SourceError):
        read_archive(tarred(tmp_path / "bad.tar.gz", [(member("a/l.py", kind, "../../etc/passwd"), b"")]), 10)
    stays = "b.py" if kind == tarfile.SYMTYPE else "a/b.py"
    good = tarred(tmp_path / "good.tar.gz", [(member("a/b.py"), b"x = 1"), (member("a/l.py", kind, stays), b"")])
    assert read_archive(good, 10) == {"a/b.py": b"x = 1"}


def test_total_size_is_limited(tmp_path):
    file = zipped(tmp_path / "big.zip", {f"m{i}.py": bytes(range(256)) * 2000 for i in range(4)})
    assert len(read_archive(file, 3)) == 4
    with pytest.raises(SourceError, match="more than 1 MB") as caught:
        read_archive(file, 1)
    assert "archive_limit" in caught.value.hint


def test_a_header_may_be_a_bomb(tmp_path):
    file = tmp_path / "bomb.tar.gz"
    info = member("a.py")
    info.pax_headers = {"comment": "0" * 40_000_000}
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as out:
        out.addfile(info)
    assert file.stat().st_size < 100_000
    with pytest.raises(SourceError, match="out of all proportion"):
        read_archive(file, 10)


@pytest.mark.parametrize("mode", ["gz", "bz2", "xz", ""])
def test_every_usual_compression_is_read(tmp_path, mode):
    file = tmp_path / f"a.tar.{mode}"
    with tarfile.open(file, f"w:{mode}") as out:
        info = member("a/b.py")
        info.size = 5
        out.addfile(info, io.BytesIO(b"x = 1"))
    assert read_archive(file, 10) == {"a/b.py": b"x = 1"}


@pytest.mark.parametrize("name", ["bomb.py", "bomb.bin"])
def test_bombs_are_refused_by_ratio(tmp_path, name):
    file = zipped(tmp_path / "bomb.zip", {name: b"\0" * 20_000_000})
    assert file.stat().st_size < 100_000
    with pytest.raises(SourceError, match="times its size"):
        read_archive(file, 500)


def test_a_lying_header_does_not_help(tmp_path):
    """The size in the header is a claim; what is counted is what comes out."""
    file = zipped(tmp_path / "lie.zip", {"a.py": b"\0" * 20_000_000})
    raw = file.read_bytes()
    real = (20_000_000).to_bytes(4, "little")
    assert raw.count(real) == 2
    file.write_bytes(raw.replace(real, (10).to_bytes(4, "little")))
    with pytest.raises(SourceError):
        read_archive(file, 500)


def test_the_number_of_members_is_limited(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    with pytest.raises(SourceError, match="more than 5 members"):
        read_archive(zipped(tmp_path / "many.zip", {f"m{i}.py": b"" for i in range(6)}), 10)


def test_repeated_members_are_refused(tmp_path):
    file = tmp_path / "twice.zip"
    with zipfile.ZipFile(file, "w") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("a.py", "x = 1")
        out.writestr("a.py", "x = 2")
    with pytest.raises(SourceError, match="twice"):
        read_archive(file, 10)


@pytest.mark.parametrize("name", ["broken-1.0-py3-none-any.whl", "broken.tar.gz", "broken.zip"])
@pytest.mark.parametrize("content", [b"", b"not an archive at all", b"PK\x03\x04 broken off"])
def test_broken_archives_say_which_file_and_what_to_do(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_archive(file, 10)
    assert name in caught.value.message
    assert "download" in caught.value.hint


def test_a_broken_xz_is_broken(tmp_path):
    file = tmp_path / "broken.tar.xz"
    file.write_bytes(b"\xfd7zXZ\x00" + b"x" * 100)
    with pytest.raises(SourceError, match="broken"):
        read_archive(file, 10)


def test_truncated_archives_are_broken(tmp_path):
    whole = sdist(tmp_path)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(SourceError):
        read_archive(cut, 10)
