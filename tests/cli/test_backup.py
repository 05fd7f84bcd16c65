"""Backups at the command line: nobody's file is overwritten, the example stays the example, and clear words."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from leumund.cli.shared import now
from leumund.errors import LabFullError
from leumund.labs import make_demo
from leumund.store import backup as store_backup

from .conftest import Run


@pytest.fixture
def lab(run: Run) -> None:
    assert run("init", "--me", "@anna@werkstatt.example").code == 0


def test_a_file_of_ones_own_that_ends_in_part_is_left_alone(run: Run, lab: None, home: Path) -> None:
    (home / "copy.zip.part").write_text("mine")
    assert run("backup", "copy.zip").code == 0
    assert (home / "copy.zip.part").read_text() == "mine"
    assert run("backup", "copy.zip").code == 2, "nor is a backup written over another"


def test_nothing_remains_of_a_backup_that_fails(
    run: Run, lab: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_backup, "_checksum", full)
    before = sorted(home.iterdir())
    said = run("backup", "copy.zip")
    assert said.code == 1
    assert "No room left" in said.err
    assert sorted(home.iterdir()) == before


def test_what_a_killed_backup_left_goes_with_the_next_unless_it_still_grows(
    run: Run, lab: None, home: Path
) -> None:
    old, fresh = home / ".leumund-backup-old", home / ".leumund-backup-fresh"
    for left in (old, fresh):
        left.mkdir()
        (left / "backup.zip").write_bytes(b"PK")
        long_ago = time.time() - 7200
        os.utime(left, (long_ago, long_ago))
    long_ago = time.time() - 7200
    os.utime(old / "backup.zip", (long_ago, long_ago))
    assert run("backup", "copy.zip").code == 0
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.usefixtures("demo")
def test_the_example_can_be_backed_up_and_comes_back_under_another_name(run: Run, home: Path) -> None:
    assert run("backup", "copy.zip", "--lab", "demo").code == 0
    make_demo(now())  # it can still be made anew
    assert "not empty" in run("restore", "copy.zip", "--lab", "demo").err
    for file in sorted((home / "home" / "demo").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (home / "home" / "demo").rmdir()
    said = run("restore", "copy.zip", "--lab", "demo")
    assert said.code == 2
    assert "kept for the example" in said.err
    assert run("restore", "copy.zip", "--lab", "again").code == 0
    assert run("show", "followers", "--lab", "again").code == 0


@pytest.mark.usefixtures("demo")
def test_a_lab_that_comes_back_leaves_the_posts_on_the_homepage_to_the_other(run: Run, home: Path) -> None:
    posts = str((home / "posts").absolute())
    assert run("widget", "build", "--out", "posts", "--lab", "demo").code == 0
    assert run("backup", "copy.zip", "--lab", "demo").code == 0
    said = run("restore", "copy.zip", "--lab", "again")
    assert said.code == 0
    assert (
        f"The posts for your homepage in {posts} are refreshed by the lab the backup was made of" in said.err
    )
    assert f"leumund widget build --out {posts}" in said.err
    assert posts not in run("widget", "list", "--lab", "again").out
    assert posts in run("widget", "list", "--lab", "demo").out
    assert (home / "posts" / "index.html").exists()


def test_a_lab_that_did_not_come_back_whole_is_none(
    run: Run, lab: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_register: object) -> list[Path]:
        raise LabFullError(home)

    run("backup", "copy.zip")
    with monkeypatch.context() as patched:
        patched.setattr("leumund.store.homepages.forget_all", no_room)
        assert "No room left" in run("restore", "copy.zip", "--lab", "./again").err
    assert sorted(p.name for p in home.iterdir() if "again" in p.name or p.name.startswith(".")) == []
    assert run("restore", "copy.zip", "--lab", "./again").code == 0


def test_where_a_file_stands_no_lab_is_restored_and_that_is_said(run: Run, lab: None, home: Path) -> None:
    run("backup", "copy.zip")
    for place in ("./copy.zip", "./copy.zip/x", "./copy.zip/x/y"):
        said = run("restore", "copy.zip", "--lab", place)
        assert (said.code, said.out) == (2, ""), place
        assert f"{home / 'copy.zip'} is a file" in said.err


def test_paths_are_shown_without_what_a_terminal_would_obey(run: Run, lab: None, home: Path) -> None:
    evil = "\x1b[2J"
    assert run("export", f"out{evil}").code == 0
    for asked in (("backup", f"copy{evil}.zip"), ("export", f"out{evil}"), ("doctor",),
                  ("restore", f"copy{evil}.zip", "--lab", f"./new{evil}"), ("doctor", "--lab", f"./new{evil}")):  # fmt: skip
        said = run(*asked)
        assert said.code == 0, said
        assert "\x1b" not in said.out + said.err
