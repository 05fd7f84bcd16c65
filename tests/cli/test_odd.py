"""What nobody should type, and what strangers may write: answered in words, with nothing lost."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path

import pytest

from leumund import cli
from leumund.cli.page_file import write_page
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.labs import make_demo

from .conftest import Run

POSTS = """post,account,network,happened_at,text
1,@anna@werkstatt.example,mastodon,2026-03-06T08:00:00Z,"#FF @ben@garten.example, weil er zuhört"
2,@carla@kiez.example,mastodon,yesterday,Ohne Datum
"""
_WRONG = "Something went wrong that should not"


@pytest.fixture
def posts(home: Path, run: Run) -> Path:
    file = home / "posts.csv"
    file.write_text(POSTS, "utf-8")
    assert run("import", str(file)).code == 0
    return file


@pytest.mark.parametrize(
    "arguments",
    [
        ("overview", "--as-of", "0001-01-01"),
        ("overview", "--as-of", "0001-01-01T00:00:00+14:00"),
        ("overview", "--as-of", "9999-12-31T23:59:59-14:00"),
        ("report", "--as-of", "0001-01-01"),
        ("show", "follow_friday", "--as-of", "0001-01-01"),
        ("show", "follow_friday", "--as-of", "01.01.9999"),
        ("show", "follow_friday", "--limit", "-5"),
        ("show", "follow_friday", "--limit", str(2**70)),
        ("show", "influence", "--days", "-1"),
        ("show", "influence", "--days", "2147483647"),
        ("show", "followers", "--days", "2147483647"),
        ("why", "follow_friday", "ben@garten.example", "--limit", "-1"),
        ("problems", "--limit", str(2**70)),
        ("problems", "--limit", "-1"),
        ("backup", "nowhere/copy.zip"),
        ("init", "--lab", "x" * 300),
        ("import", "posts.csv", "--lab", "x" * 300),
        ("show", "follow_friday", "--lab", "x" * 300),
        ("init", "--lab", "demo"),
        ("import", "posts.csv", "--lab", "demo"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(run: Run, posts: Path, arguments: tuple[str, ...]) -> None:
    del posts
    said = run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert _WRONG not in said.err


def test_a_page_takes_the_place_of_no_folder_and_of_no_link(tmp_path: Path) -> None:
    for name in ("folder", "mine"):
        (tmp_path / name).mkdir()
    (tmp_path / "to-folder").symlink_to(tmp_path / "mine")
    for name in ("folder", "to-folder"):
        with pytest.raises(UsageError, match="no file that can be replaced"):
            write_page(tmp_path / name, "new")
    assert (tmp_path / "to-folder").is_symlink()
    (tmp_path / "to-file.html").symlink_to(tmp_path / "mine" / "page.html")
    write_page(tmp_path / "to-file.html", "new")
    assert (tmp_path / "to-file.html").is_symlink()
    assert (tmp_path / "mine" / "page.html").read_text("utf-8") == "new"


def test_an_answer_that_the_disk_has_no_room_for_is_no_fault_of_ours(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del home
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no disk that is always full")
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            cli.main(["csv-template"])
    monkeypatch.undo()
    said = capfd.readouterr().err
    assert ended.value.code == 1
    assert _WRONG not in said
    assert "no room is left on the disk" in said


def test_a_disk_that_cannot_be_read_is_said_to_be_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del home
    with pytest.raises(SystemExit) as ended:
        cli._exit_for(OSError(errno.EIO, "Input/output error"))
    said = capsys.readouterr().err
    assert (ended.value.code, _WRONG in said) == (1, False)
    assert "the disk reports a fault" in said


def test_who_closed_the_output_is_answered_nowhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as ended:
        cli.main(["csv-template"])
    sys.stdout.close()
    assert not ended.value.code


def test_the_name_of_the_example_is_kept_for_it(run: Run, home: Path) -> None:
    assert "kept for the example" in run("init", "--lab", "demo").err
    assert not (home / "home" / "demo").exists()


def test_a_home_that_is_no_folder_is_said(run: Run, posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_HOME", os.devnull)
    for arguments in (("init",), ("import", str(posts)), ("overview",), ("demo",)):
        said = run(*arguments)
        assert said.code in {1, 2}
        assert said.err
        assert _WRONG not in said.err


def test_a_demo_never_takes_the_place_of_a_lab_of_ones_own(run: Run, home: Path, posts: Path) -> None:
    folder = home / "home" / "demo"
    (home / "home" / "main").rename(folder)

    def files() -> list[Path]:  # SQLite's own come and go with whoever looks
        own = {"write.lock", "lab.sqlite-wal", "lab.sqlite-shm"}
        return sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in own)

    before = files()
    said = run("demo", "--out", str(home))
    assert said.code == 2
    assert "is not the demo" in said.err
    assert files() == before
    assert run("show", "follow_friday", "--lab", "demo").code == 0


def test_a_demo_leaves_a_folder_alone_that_is_no_lab(run: Run, home: Path) -> None:
    folder = home / "home" / "demo"
    folder.mkdir(parents=True)
    (folder / "letter.txt").write_text("mine")
    assert run("demo", "--out", str(home)).code == 2
    assert (folder / "letter.txt").read_text() == "mine"


@pytest.mark.usefixtures("demo")
def test_a_demo_somebody_writes_to_is_not_taken_away(run: Run, home: Path) -> None:
    from leumund.cli.shared import now

    with Lab.open(home / "home" / "demo") as there, there.writing(now()):
        assert run("demo", "--out", str(home)).code == 1
    assert run("show", "follow_friday", "--lab", "demo").code == 0
    make_demo(now())
    assert [p.name for p in (home / "home").iterdir()] == ["demo"]


@pytest.mark.usefixtures("demo")
def test_a_demo_into_which_something_was_imported_stays(run: Run, home: Path) -> None:
    (home / "posts.csv").write_text(POSTS, "utf-8")
    assert run("import", str(home / "posts.csv"), "--lab", "demo").code == 0
    assert run("demo", "--out", str(home)).code == 2
    assert json.loads(run("problems", "--json", "--lab", "demo").out)["total"] == 1


def test_no_escape_of_a_strangers_reaches_the_terminal(run: Run, home: Path) -> None:
    evil = "\x1b]0;mine\x07\x1b[2J"
    for arguments in (
        ("import", f"no{evil}.csv"),
        ("show", f"measure{evil}"),
        ("overview", "--lab", f"./{evil}"),
        ("init", "--lab", f"./lab{evil}"),
        ("backup", f"no{evil}/copy.zip"),
        ("overview", "--as-of", evil),
        (f"overview{evil}",),
        ("overview", f"--lab{evil}"),
    ):
        said = run(*arguments)
        assert "\x1b" not in said.out + said.err
        assert "\x07" not in said.out + said.err
    file = home / f"posts{evil}.csv"
    file.write_text(POSTS, "utf-8")
    page = home / f"page{evil}.html"
    for words in (("import", str(file)), ("report", str(page)), ("problems",)):
        said = run(*words)
        assert said.code == 0
        assert "\x1b" not in said.out + said.err


@pytest.mark.usefixtures("demo")
def test_an_overview_shows_doctored_names_harmlessly(home: Path) -> None:
    from leumund.cli.shared import moment, now
    from leumund.report.overview import as_text, take

    with Lab.open(home / "home" / "demo") as there:
        with there.register.transaction() as db:
            db.execute("update account set handle = '@x\x1b[2J' || char(8238) || key")
        text = as_text(take(there, moment(None, there), at=now()))
    assert "@x" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="file names are always UTF-8 there")
def test_a_file_name_in_no_known_letters_is_imported_and_shown(run: Run, home: Path) -> None:
    file = os.fsdecode(os.fsencode(home) + b"/posts\xff.csv")
    Path(file).write_text(POSTS, "utf-8")
    said = run("import", file)
    assert said.code == 0, said.err
    assert "New: 1 post" in said.out
    assert "posts\ufffd.csv" in run("problems").out
    assert run("report", os.fsdecode(os.fsencode(home) + b"/page\xff.html")).code == 0
    missing = run("import", os.fsdecode(b"none\xff.csv"))
    assert missing.code == 1
    assert "none\ufffd.csv" in missing.err


def test_a_report_overwrites_nobodys_unfinished_file(run: Run, home: Path, posts: Path) -> None:
    del posts
    (home / "page.html.part").write_text("mine")
    assert run("report", "page.html").code == 0
    assert (home / "page.html.part").read_text() == "mine"
    assert "There is no folder" in run("report", "nowhere/page.html").err
    assert "There is no folder" in run("report", "page.html/page.html").err
    assert not list(home.glob(".leumund*"))
