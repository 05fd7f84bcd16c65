from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_archives import as_folder, as_tar, as_zip, cut, locked, lying

from leumund.errors import DangerousFileError, SourceError, UnreadableFileError
from leumund.sources.archive_files import Archive, is_archive, open_archive
from leumund.sources.archive_limits import Limits, bad_name

FILES = {"data/a.js": b"alpha", "data/b.js": b"beta", "data/media/film.mp4": b"\x00" * 1000}
MAKERS: dict[str, Callable[[Path], Path]] = {
    "zip": lambda p: as_zip(p / "x.zip", FILES),
    "tar.gz": lambda p: as_tar(p / "x.tar.gz", FILES),
    "tar": lambda p: as_tar(p / "x.tar", FILES, packed=False),
    "folder": lambda p: as_folder(p / "x", FILES),
    "zip named otherwise": lambda p: as_zip(p / "x.dat", FILES),
}


def is_js(name: str) -> bool:
    return name.endswith(".js")


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_the_wanted_members_are_read_whatever_holds_them(
    maker: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = maker(tmp_path)
    assert is_archive(path)
    with open_archive(path, is_js) as archive:
        assert list(archive.members) == ["data/a.js", "data/b.js"]
        assert archive.members["data/b.js"].size == 4
        assert archive.read("data/b.js") == b"beta"
        assert archive.head("data/a.js", 3) == b"alp"
        assert archive.problems == ()


def test_a_member_that_is_not_wanted_is_not_opened(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", FILES)
    data = path.read_bytes()
    at = data.index(b"film.mp4") + 8
    path.write_bytes(data[:at] + b"\xff" * 4 + data[at + 4 :])  # the film is broken
    with open_archive(path, is_js) as archive:
        assert archive.read("data/a.js") == b"alpha"


@pytest.mark.parametrize(
    "name", ["../a.js", "data/../../a.js", "/etc/a.js", "C:/a.js", "C:a.js", "data\\a.js", "..\\a.js"]
)
def test_a_name_that_leads_elsewhere_is_left_out_and_told(name: str, tmp_path: Path) -> None:
    for path in (
        as_zip(tmp_path / "x.zip", {name: b"x", "ok.js": b"y"}),
        as_tar(tmp_path / "x.tgz", {name: b"x", "ok.js": b"y"}),
    ):
        with open_archive(path, is_js) as archive:
            assert list(archive.members) == ["ok.js"]
            assert len(archive.problems) == 1
            assert path.name in archive.problems[0].where


def test_a_nul_in_a_name_is_left_out(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"axjs.js": b"x"})
    path.write_bytes(path.read_bytes().replace(b"axjs", b"a\x00js"))
    with open_archive(path, lambda _name: True) as archive:
        assert not archive.members
        assert "NUL" in archive.problems[0].message


def test_names_that_are_only_unusual_are_fine() -> None:
    assert all(bad_name(name) is None for name in ("a..b/c.js", "…/ä.js", "ab:c", ".x/y", "c"))


def test_many_bad_names_are_counted_not_listed(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {f"../{n}.js": b"" for n in range(500)})
    with open_archive(path, is_js) as archive:
        assert len(archive.problems) == 21
        assert "480" in archive.problems[-1].message


def test_the_second_of_two_members_of_one_name_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.js", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.js", "second")
    with open_archive(path, is_js) as opened:
        assert opened.read("a.js") == b"first"
        assert "twice" in opened.problems[0].message


def test_links_in_a_tar_are_left_out(tmp_path: Path) -> None:
    path = as_tar(tmp_path / "x.tar.gz", {"b.js": b"b"}, links={"a.js": "/etc/passwd"})
    with open_archive(path, is_js) as archive:
        assert list(archive.members) == ["b.js"]
        assert "link" in archive.problems[0].message


def test_links_in_a_zip_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a.js")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with open_archive(path, is_js) as opened:
        assert not opened.members
        assert "link" in opened.problems[0].message


def test_a_link_out_of_a_folder_is_left_out_and_one_within_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_bytes(b"secret")
    folder = as_folder(tmp_path / "x", {"a.js": b"a"})
    (folder / "out.js").symlink_to(tmp_path / "secret.js")
    (folder / "in.js").symlink_to(folder / "a.js")
    (folder / "broken.js").symlink_to(folder / "nowhere.js")
    (folder / "ring.js").symlink_to(folder / "ring.js")
    with open_archive(folder, is_js) as archive:
        assert list(archive.members) == ["a.js", "in.js"]
        assert [p.where for p in archive.problems] == ["x: broken.js", "x: out.js", "x: ring.js"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_a_folder_does_not_wait_for_ever(tmp_path: Path) -> None:
    folder = as_folder(tmp_path / "x", {"b.js": b"b"})
    os.mkfifo(folder / "a.js")
    with open_archive(folder, is_js) as archive:
        assert list(archive.members) == ["b.js"]


def test_a_folder_is_not_searched_to_the_bottom(tmp_path: Path) -> None:
    deep = {"a/b/c/d/e.js": b"", "a/tweets_media/f.js": b"", "a/b/g.js": b""}
    with open_archive(as_folder(tmp_path / "x", deep), is_js) as archive:
        assert list(archive.members) == ["a/b/g.js"]


def test_files_of_macos_are_passed_over(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"__MACOSX/data/._a.js": b"?", "data/._a.js": b"?", "data/a.js": b"a"})
    with open_archive(path, is_js) as archive:
        assert list(archive.members) == ["data/a.js"]


# -- bombs --------------------------------------------------------------------------------------

BOMB = bytes(40 << 20)  # packs a thousandfold


@pytest.mark.parametrize(
    "maker", [lambda p: as_zip(p / "x.zip", {"a.js": BOMB}), lambda p: as_tar(p / "x.tgz", {"a.js": BOMB})]
)
def test_a_bomb_is_refused_before_anything_is_used(maker: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(DangerousFileError) as caught:
        open_archive(maker(tmp_path), is_js)
    assert "200" in caught.value.message
    assert caught.value.hint


def test_a_tar_bomb_is_refused_though_nobody_wants_the_member(tmp_path: Path) -> None:
    with pytest.raises(DangerousFileError):
        open_archive(as_tar(tmp_path / "x.tgz", {"media.mp4": BOMB}), is_js)


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path: Path) -> None:
    path = lying(as_zip(tmp_path / "x.zip", {"a.js": BOMB}), "a.js", 100)
    with open_archive(path, is_js) as archive, pytest.raises(UnreadableFileError):
        archive.read("a.js")


def small(**limits: int) -> Limits:
    return Limits(**limits)


@pytest.mark.parametrize("form", ["zip", "tar.gz", "folder"])
@pytest.mark.parametrize(
    "limits", [small(member=10), small(total=25)], ids=["one too large", "together too large"]
)
def test_what_is_too_large_is_told_with_its_limit(form: str, limits: Limits, tmp_path: Path) -> None:
    files = {"a.js": b"0123456789", "b.js": b"0123456789", "c.js": b"01234567890"}
    makers: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
        "zip": as_zip,
        "tar.gz": as_tar,
        "folder": as_folder,
    }
    path = makers[form](tmp_path / "x", files)
    with pytest.raises(UnreadableFileError, match="too large"):
        open_archive(path, is_js, limits=limits)


def test_what_grows_after_it_was_listed_is_stopped_while_it_is_read(tmp_path: Path) -> None:
    folder = as_folder(tmp_path / "x", {"a.js": b"small"})
    with open_archive(folder, is_js, limits=small(member=10)) as archive:
        (folder / "a.js").write_bytes(bytes(100))
        with pytest.raises(UnreadableFileError, match="too large"):
            archive.read("a.js")


@pytest.mark.parametrize("maker", [as_zip, as_tar])
def test_absurd_numbers_of_members_are_refused(
    maker: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    path = maker(tmp_path / "x", {f"{n}.mp4": b"" for n in range(30)})
    with pytest.raises(DangerousFileError):
        open_archive(path, is_js, limits=small(members=20))


def test_a_huge_list_of_members_is_not_read_into_memory(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {f"{n}.mp4": b"" for n in range(30)})
    with pytest.raises(DangerousFileError):
        open_archive(path, is_js, limits=small(directory=500))


# -- broken and foreign -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "maker", [lambda p: as_zip(p / "x.zip", FILES), lambda p: as_tar(p / "x.tar.gz", FILES)]
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_download_that_broke_off_is_told_as_such(
    maker: Callable[[Path], Path], share: float, tmp_path: Path
) -> None:
    path = cut(maker(tmp_path), share)
    with pytest.raises(UnreadableFileError) as caught, open_archive(path, is_js) as archive:
        archive.read("data/a.js")
    assert str(path) in caught.value.message
    assert "again" in caught.value.hint


def test_a_zip_with_a_password_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="password"):
        open_archive(locked(as_zip(tmp_path / "x.zip", FILES)), is_js)


def test_a_damaged_member_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.js", b"alphabet")
    path.write_bytes(path.read_bytes().replace(b"alphabet", b"alphabit"))
    with open_archive(path, is_js) as opened, pytest.raises(UnreadableFileError, match=r"a\.js"):
        opened.read("a.js")


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"window.YTD", b"Rar!\x1a\x07", bytes(600)],
    ids=["empty", "text", "js", "rar", "nul"],
)
def test_what_is_no_archive_is_told_whatever_its_name(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(data)
    assert not is_archive(path)
    with pytest.raises(UnreadableFileError, match="no zip"):
        open_archive(path, is_js)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        open_archive(tmp_path / "x.zip", is_js)


def test_a_glance_at_a_long_tar_ends_early(tmp_path: Path) -> None:
    path = as_tar(
        tmp_path / "x.tar",
        {"media/1": os.urandom(3 << 20), "media/2": os.urandom(3 << 20), "z.js": b"z"},
        packed=False,
    )
    with open_archive(path, is_js, glance=True, limits=small(glance=1 << 20)) as archive:
        assert not archive.complete
        assert archive.seen[0] == "media/1"
    with open_archive(path, is_js) as archive:
        assert list(archive.members) == ["z.js"]


def _spoiled(
    maker: Callable[[Path, dict[str, bytes]], Path], folder: Path, at: float, new: bytes
) -> Archive | None:
    path = maker(folder / "x", FILES)
    data = bytearray(path.read_bytes())
    place = int(at * len(data))
    data[place : place + len(new)] = new
    path.write_bytes(bytes(data))
    try:
        with open_archive(path, is_js) as archive:
            for name in archive.members:
                archive.read(name)
            return archive
    except SourceError:
        return None


@pytest.mark.parametrize("maker", [as_zip, as_tar], ids=["zip", "tar.gz"])
@given(at=st.floats(0, 0.999), new=st.binary(min_size=1, max_size=8))
@settings(max_examples=150)
def test_spoiled_bytes_give_a_clear_error_or_nothing(
    maker: Callable[[Path, dict[str, bytes]], Path],
    at: float,
    new: bytes,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _spoiled(maker, tmp_path_factory.mktemp("x"), at, new)


@pytest.mark.long
@pytest.mark.parametrize("maker", [as_zip, as_tar], ids=["zip", "tar.gz"])
@given(at=st.floats(0, 0.999), new=st.binary(min_size=1, max_size=8))
@settings(max_examples=5_000)
def test_many_spoiled_bytes_give_a_clear_error_or_nothing(
    maker: Callable[[Path, dict[str, bytes]], Path],
    at: float,
    new: bytes,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _spoiled(maker, tmp_path_factory.mktemp("x"), at, new)
