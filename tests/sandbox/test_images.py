"""Worker images: what is trusted, what is refused, and that the same input gives the same image."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import platform
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Event, Progress
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ImageSettings, Settings
from dreamer_app.sandbox.docker import image
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.image import ImageProvider
from dreamer_app.sandbox.images import debian_image, host_image
from dreamer_app.sandbox.images.apt_sources import Suite, dearmour, suites
from dreamer_app.sandbox.images.archive import Entry, layer, read_archive, write_archive
from dreamer_app.sandbox.images.debian_image import check_expiry, collect, resolve, unpack, verified
from dreamer_app.sandbox.images.debian_version import sort_key

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), "amd64")


def test_sources_of_the_distribution_only(tmp_path: Path) -> None:
    folder = tmp_path / "etc/apt/sources.list.d"
    folder.mkdir(parents=True)
    (tmp_path / "etc/os-release").write_text('ID=debian\nVERSION_CODENAME="bookworm"\n')
    (tmp_path / "etc/apt/sources.list").write_text(
        "# deb http://old.example bookworm main\n"
        "deb [arch=amd64 signed-by=/keys/a.gpg] http://one.example/debian/ bookworm main contrib\n"
        "deb http://other.example/tool stable main\n"
        "deb-src http://one.example/debian bookworm main\n"
    )
    (folder / "more.sources").write_text(
        "Types: deb\nURIs: http://two.example/debian\nSuites: bookworm-updates bookworm-backports\n"
        "Components: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n aGVsbG8=\n"
        " -----END PGP PUBLIC KEY BLOCK-----\n\n"
        "Types: deb\nEnabled: no\nURIs: http://three.example\nSuites: bookworm\nComponents: main\n"
    )
    first, second = suites(tmp_path)
    assert (first.address, first.name, first.keyrings) == ("http://one.example/debian", "bookworm", ("/keys/a.gpg",))
    assert (second.address, second.name) == ("http://two.example/debian", "bookworm-updates")
    assert dearmour(second.keyrings[0]) == b"hello"


def test_a_list_of_mirrors_and_media(tmp_path: Path) -> None:
    (tmp_path / "etc/apt/mirrors").mkdir(parents=True)
    (tmp_path / "etc/os-release").write_text("VERSION_CODENAME=bookworm\n")
    (tmp_path / "etc/apt/mirrors/d.list").write_text("# nearest\nhttp://m.example/debian/\tpriority:1\n")
    (tmp_path / "etc/apt/sources.list").write_text(
        "deb mirror+file:/etc/apt/mirrors/d.list bookworm main\ndeb cdrom:[Debian]/ bookworm main\n"
    )
    assert [suite.address for suite in suites(tmp_path)] == ["http://m.example/debian"]


def test_versions_sort_as_policy_says() -> None:
    ordered = [
        "1.0~rc1-1", "1.0-1", "1.0-1+deb12u1", "1.0-1+deb12u9", "1.0-1+deb12u10", "1.0a-1", "1.0+dfsg-1", "1.2-1",
        "1.10-1", "1:0.1-1",
    ]  # fmt: skip
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered
    assert sort_key("1.0") == sort_key("0:1.0")


def test_an_index_whose_time_is_over_is_refused() -> None:
    release = "Suite: s\nValid-Until: Sat, 24 May 2025 08:00:00 UTC\n"
    check_expiry(release, "s", datetime(2025, 5, 24, 7, tzinfo=UTC))
    check_expiry("Suite: s\n", "s", datetime(2099, 1, 1, tzinfo=UTC))
    with pytest.raises(InfrastructureError, match="valid until"):
        check_expiry(release, "s", datetime(2025, 5, 24, 9, tzinfo=UTC))


def test_no_apt_no_sources(tmp_path: Path) -> None:
    assert suites(tmp_path) == ()
    with pytest.raises(InfrastructureError, match="no package sources"):
        collect((), platform.machine(), lambda *_: None)


def deb(files: dict[str, bytes], compress: Callable[[bytes], bytes] = lzma.compress, suffix: str = ".xz") -> bytes:
    tree = io.BytesIO()
    with tarfile.open(fileobj=tree, mode="w") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o4755
            tar.addfile(info, io.BytesIO(content))
    body = b"!<arch>\n"
    for name, content in (("debian-binary", b"2.0\n"), (f"data.tar{suffix}", compress(tree.getvalue()))):
        body += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content
        body += b"\n" * (len(content) % 2)
    return body


@pytest.mark.parametrize(("compress", "suffix"), [(lzma.compress, ".xz"), (gzip.compress, ".gz"), (bytes, "")])
def test_unpacking_merges_folders_and_drops_what_no_program_needs(
    compress: Callable[[bytes], bytes], suffix: str
) -> None:
    files = {"./bin/tool": b"x", "./usr/share/doc/tool/README": b"d", "./lib/a.so": b"so", "./../escape": b"!"}
    entries = unpack(deb(files, compress, suffix), "tool")
    assert {name: entry.content for name, entry in entries.items()} == {"usr/bin/tool": b"x", "usr/lib/a.so": b"so"}


@pytest.mark.parametrize("body", [b"", b"not a package", deb({"a": b"1"})[:150]])
def test_broken_packages_are_refused(body: bytes) -> None:
    with pytest.raises(InfrastructureError, match="tool"):
        unpack(body, "tool")


def test_dependencies_without_what_only_scripts_need() -> None:
    packages = {
        "a": {"Depends": "b (>= 1) | c, libx, debconf | debconf-2.0"},
        "b": {"Pre-Depends": "dpkg"},
        "x-new": {"Provides": "libx (= 2)"},
    }
    assert resolve(packages, ["a"]) == ["a", "b", "x-new"]
    with pytest.raises(InfrastructureError, match="no gone"):
        resolve({"a": {"Depends": "gone"}}, ["a"])


@pytest.fixture
def engine() -> Iterator[Engine]:
    connected = Engine.connect()
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A signing key's home and its public keyring."""
    home = tmp_path_factory.mktemp("gpg")
    home.chmod(0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet"]
    subprocess.run(
        [*gpg, "--passphrase", "", "--quick-gen-key", "Mirror <m@example.org>", "ed25519", "sign", "never"], check=True
    )
    keyring = home / "public.gpg"
    subprocess.run([*gpg, "--output", str(keyring), "--export"], check=True)
    return home, keyring


def sign(home: Path, text: str) -> bytes:
    command = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--clearsign"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


def mirror(home: Path, host: str = "m", version: str = "1.0") -> dict[str, bytes]:
    """A whole distribution of one package for each root."""
    paragraphs, files = [], {}
    for name in debian_image.ROOTS:
        body = deb({f"./usr/lib/{name}": name.encode()})
        files[f"http://{host}.example/pool/{name}.deb"] = body
        digest = hashlib.sha256(body).hexdigest()
        paragraphs.append(f"Package: {name}\nVersion: {version}\nFilename: pool/{name}.deb\nSHA256: {digest}\n")
    packed = lzma.compress("\n".join(paragraphs).encode())
    listed = f"main/binary-{ARCHITECTURE}/Packages.xz"
    release = f"Origin: Test\nSHA256:\n {hashlib.sha256(packed).hexdigest()} {len(packed)} {listed}\n"
    files[f"http://{host}.example/dists/s/{listed}"] = packed
    files[f"http://{host}.example/dists/s/InRelease"] = sign(home, release)
    return files


def test_a_whole_mirror(key: tuple[Path, Path]) -> None:
    home, keyring = key
    files = mirror(home)
    suite = Suite("http://m.example", "s", (str(keyring),))
    entries = collect((suite,), platform.machine(), lambda *_: None, files.__getitem__)
    assert all(entries[f"usr/lib/{name}"].content == name.encode() for name in debian_image.ROOTS)
    assert entries["bin"].target == "usr/bin"


def test_the_newest_version_wins_whatever_the_order_of_suites(key: tuple[Path, Path]) -> None:
    home, keyring = key
    files = mirror(home, "o", version="1.0-1") | mirror(home, "n", version="1.0-1+deb12u1")
    for order in ("on", "no"):
        found = [Suite(f"http://{name}.example", "s", (str(keyring),)) for name in order]
        asked: list[str] = []

        def get(address: str, asked: list[str] = asked) -> bytes:
            asked.append(address)
            return files[address]

        collect(found, platform.machine(), lambda *_: None, get)
        assert {address.split("/")[2] for address in asked if address.endswith(".deb")} == {"n.example"}


@pytest.mark.parametrize("victim", ["InRelease", "Packages.xz", "python3.deb"])
def test_whoever_changes_a_file_on_the_way_is_noticed(key: tuple[Path, Path], victim: str) -> None:
    home, keyring = key
    files = mirror(home)
    name = next(name for name in files if name.endswith(victim))
    files[name] = files[name].replace(b"Test", b"Evil") if victim == "InRelease" else files[name] + b"x"
    suite = Suite("http://m.example", "s", (str(keyring),))
    with pytest.raises(InfrastructureError, match=r"signature|digest"):
        collect((suite,), platform.machine(), lambda *_: None, files.__getitem__)


def test_somebody_elses_signature_is_no_signature(key: tuple[Path, Path], tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(stranger), "--batch", "--quiet"]
    subprocess.run([*gpg, "--passphrase", "", "--quick-gen-key", "X <x@example.org>", "ed25519", "sign"], check=True)
    with pytest.raises(InfrastructureError, match="signature"):
        verified(sign(stranger, "SHA256:\n"), (str(key[1]),), "s")


def test_the_same_files_give_the_same_image(tmp_path: Path) -> None:
    entries = {"usr/bin/a": Entry(b"1", executable=True), "b/c": Entry(target="../usr/bin/a")}
    one = layer(entries)
    two = layer(dict(reversed(entries.items())))
    assert one == two
    tags = [write_archive(tmp_path / name, one, "x86_64", "debian") for name in ("1.tar", "2.tar")]
    assert tags[0] == tags[1]
    assert (tmp_path / "1.tar").read_bytes() == (tmp_path / "2.tar").read_bytes()
    assert write_archive(tmp_path / "3.tar", layer({}), "x86_64", "debian") != tags[0]
    with tarfile.open(fileobj=io.BytesIO(one)) as tar:
        assert not any(member.mode & 0o6000 for member in tar)
        assert all((member.uid, member.mtime) == (0, 0) for member in tar)


@pytest.mark.docker
async def test_the_image_has_a_python_and_is_known_the_second_time(tmp_path: Path, engine: Engine) -> None:
    steps: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Progress):
            steps.append(event.step)

    paths = DataPaths(tmp_path)
    paths.create()
    first = await ImageProvider(Settings(), paths, engine, listen).ensure()
    steps.clear()
    again = await ImageProvider(Settings(), paths, engine, listen).ensure()
    assert again == first
    assert steps == []
    assert first.python.startswith("3.")
    assert "manylinux" in first.platform
    assert not list(paths.images.glob(".*"))


@pytest.mark.docker
async def test_this_computers_own_python_is_the_last_rung(tmp_path: Path, engine: Engine) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    made_of = await LastRung(Settings(), paths, engine).ensure()
    assert made_of.rung == "host"
    assert made_of.python == ".".join(platform.python_version_tuple()[:2])
    (archive,) = paths.images.glob("*.tar")
    made = read_archive(archive)
    assert made.id == made_of.id
    with tarfile.open(archive) as outer, tarfile.open(fileobj=outer.extractfile("layer.tar")) as tar:
        names = tar.getnames()
    home = str(Path.home()).lstrip("/")
    assert not any(name.startswith(home) for name in names), "a person's folders are nobody's business in there"
    assert any(name.endswith(".pyc") for name in names)


@pytest.mark.docker
async def test_a_pruned_image_is_loaded_again_without_a_network(tmp_path: Path, engine: Engine) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    entries = {f"usr/lib/marker-{tmp_path.name}": Entry(b"x")}
    made = write_archive(paths.images / "own.tar", layer(entries), platform.machine(), "host", recipe="test")
    provider = Pruned(Settings(), paths, engine)
    assert provider._from_archive() is None
    (paths.images / "own.tar").rename(provider._archive("host"))
    try:
        assert provider._from_archive() == made.id
    finally:
        engine.api.remove_image(made.tag)


@pytest.mark.docker
@pytest.mark.parametrize("victim", ["layer.tar", "manifest.json"])
async def test_a_changed_archive_is_not_loaded(tmp_path: Path, engine: Engine, victim: str) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    provider = Pruned(Settings(), paths, engine)
    archive = provider._archive("host")
    write_archive(archive, layer({"a": Entry(b"secret")}), platform.machine(), "host", recipe="test")
    body = archive.read_bytes()
    archive.write_bytes(body.replace(b"secret", b"poison") if victim == "layer.tar" else body[: len(body) // 2])
    with pytest.raises(InfrastructureError, match="broken"):
        provider._from_archive()
    assert not archive.exists()


async def test_a_cancelled_build_stops_at_its_next_step(tmp_path: Path) -> None:
    provider = Pruned(Settings(), DataPaths(tmp_path), Engine(None))
    provider._cancelled.set()
    with pytest.raises(InfrastructureError, match="Interrupted"):
        provider._assembled("host", host_image.collect)
    assert not list(DataPaths(tmp_path).images.iterdir())


@pytest.mark.docker
def test_a_silent_registry_is_passed_over(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(image, "FIRST_ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(engine.api, "inspect_distribution", lambda _reference: ended.wait())
    try:
        with pytest.raises(InfrastructureError, match="silent"):
            ImageProvider(Settings(), DataPaths(tmp_path), engine)._pulled()
    finally:
        ended.set()


class Pruned(ImageProvider):
    """As if the engine had lost every image."""

    def _known(self) -> str | None:
        return None


class LastRung(ImageProvider):
    """As if the engine were empty, and neither a registry nor a mirror answered."""

    def _known(self) -> str | None:
        return None

    def _pulled(self) -> str | None:
        raise InfrastructureError("The registry is silent", "nothing for 15 s")

    def _from_packages(self, step: Callable[[str, int, int], None]) -> dict[str, Entry]:
        return collect((), platform.machine(), step)


@pytest.mark.docker
def test_an_image_without_a_digest_is_not_pulled(tmp_path: Path, engine: Engine) -> None:
    provider = ImageProvider(Settings(image=ImageSettings(reference="python:3.11-slim")), DataPaths(tmp_path), engine)
    with pytest.raises(InfrastructureError, match="no digest"):
        provider._pulled()
