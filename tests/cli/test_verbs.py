from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run

POSTS = """post,account,network,happened_at,text
1,@anna@werkstatt.example,mastodon,2026-03-06T08:00:00Z,"#FF @ben@garten.example, weil er zuhört"
2,@carla@kiez.example,mastodon,2026-03-13T08:00:00Z,#FF @ben@garten.example @anna@werkstatt.example
3,@ben@garten.example,mastodon,2026-03-13T09:00:00Z,Danke für das #FF @carla@kiez.example
4,@ben@garten.example,mastodon,yesterday,Ohne Datum
"""


@pytest.fixture
def posts(home: Path) -> Path:
    file = home / "posts.csv"
    file.write_text(POSTS, "utf-8")
    return file


def test_a_first_import_makes_the_lab_and_says_what_came_in(run: Run, posts: Path) -> None:
    said = run("import", str(posts))
    assert said.code == 0
    assert "New: 3 posts" in said.out
    assert "1 record could not be used" in said.out
    assert "cannot tell" in said.out
    assert "Made a new lab" in said.err


def test_a_second_import_changes_nothing(run: Run, posts: Path) -> None:
    run("import", str(posts))
    said = run("import", str(posts))
    assert "Nothing new." in said.out
    assert "Already there: 3 posts" in said.out
    assert json.loads(run("problems", "--json").out)["total"] == 1


def test_strict_turns_a_problem_into_an_error(run: Run, posts: Path) -> None:
    assert run("import", str(posts), "--strict").code == 1


def test_problems_name_the_line(run: Run, posts: Path) -> None:
    run("import", str(posts))
    said = run("problems")
    assert "posts.csv:5" in said.out
    assert "yesterday" in said.out


def test_the_board_can_be_read_by_people_and_programs(run: Run, posts: Path) -> None:
    run("import", str(posts))
    shown = run("show", "follow_friday", "--as-of", "2026-03-15")
    assert "@ben@garten.example" in shown.out
    told = json.loads(run("show", "follow_friday", "--as-of", "15.03.2026", "--json").out)
    assert [row["account"] for row in told["rows"]] == ["@ben@garten.example", "@anna@werkstatt.example"]
    assert told["rows"][0]["recommenders"] == 2
    table = run("show", "follow_friday", "--as-of", "2026-03-15", "--csv", "--limit", "1").out.splitlines()
    assert len(table) == 2
    assert "ben@garten.example" in table[1]


def test_as_of_does_not_see_what_came_later(run: Run, posts: Path) -> None:
    run("import", str(posts))
    told = json.loads(run("show", "follow_friday", "--as-of", "2026-03-12", "--json").out)
    assert [row["account"] for row in told["rows"]] == ["@ben@garten.example"]


def test_why_leads_back_to_the_posts(run: Run, posts: Path) -> None:
    run("import", str(posts))
    told = json.loads(
        run("why", "follow_friday", "ben@garten.example", "--as-of", "2026-03-15", "--json").out
    )
    assert {row["post"] for row in told["rows"]} == {"mastodon:post:1", "mastodon:post:2"}


def test_what_is_asked_wrongly_ends_with_two_and_a_hint(run: Run, posts: Path) -> None:
    run("import", str(posts))
    for wrong, hint in [
        (("show", "follow_fryday"), "follow_friday"),
        (("show", "follow_friday", "--days", "3"), "--board"),
        (("show", "follow_friday", "--as-of", "soon"), "2026-03-31"),
        (("why", "follow_friday", "@nobody@garten.example"), "@name@server"),
        (("show", "follow_friday", "--json", "--csv"), ""),
        (("check-ff",), "check-ff"),
        (("--lang", "fr", "measures"), "de"),
        (("nonsense",), ""),
        (("csv-template", "posts"), "post"),
    ]:
        said = run(*wrong)
        assert said.code == 2, wrong
        assert said.out == ""
        assert hint in said.err, wrong


def test_without_a_lab_one_is_told_how_to_make_one(run: Run) -> None:
    said = run("show", "follow_friday")
    assert said.code == 1
    assert "leumund init" in said.err


def test_init_makes_a_lab_once_and_knows_whose_it_is(run: Run) -> None:
    assert run("init", "--me", "@anna@werkstatt.example", "--me", "anna.bsky.example").code == 0
    assert run("init").code == 2
    assert "anna.bsky.example" in run("me", "https://x.com/anna").out


def test_check_ff_says_why_and_how_much(run: Run) -> None:
    said = run("check-ff", "#FF @anna@werkstatt.example and @ben@garten.example")
    assert "counts as a recommendation" in said.out
    assert "0.25" in said.out
    told = json.loads(run("check-ff", "RT @anna: #FF @ben", "--json").out)
    assert (told["class"], told["counted"], told["endorsed"]) == ("reshare", False, [])


def test_check_ff_reads_a_whole_file(run: Run, home: Path) -> None:
    file = home / "tweets.csv"
    file.write_text(
        'id, created_at, author, text, more\n7,2012,anna,"#FF @ben, the best ""baker""\nin town",x\n8,2012,ben,"#FF @ben",y\n'
    )
    lines = [json.loads(line) for line in run("check-ff", "--file", str(file), "--json").out.splitlines()]
    assert [(x["id"], x["class"], x["endorsed"], x["reason_given"], x["counted"]) for x in lines] == [
        ("7", "vote", ["ben"], True, True),
        ("8", "other", [], False, False),
    ]
    assert all(x["why"] for x in lines)
    assert run("check-ff", "--file", str(home / "none.csv")).code == 1


def test_every_template_can_be_imported_as_it_is(run: Run, home: Path) -> None:
    for noun in ("post", "act", "account", "customer", "time", "cost", "goal", "note"):
        file = home / f"{noun}.csv"
        file.write_text(run("csv-template", noun).out, "utf-8")
        said = run("import", str(file), "--strict")
        assert said.code == 0, (noun, said)
        assert "New: 1" in said.out, noun
        assert noun in run("csv-template").out
        assert "needed" in run("csv-template", noun, "--explain").out


def test_forgetting_asks_first_then_erases_backups_too(
    run: Run, posts: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", str(posts))
    assert run("backup", "copy.zip").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(""))  # nobody answers
    assert run("forget", "@ben@garten.example").code == 1
    said = run("forget", "@ben@garten.example", "--yes")
    assert said.code == 0, said
    assert "backup" in said.out
    assert run("restore", "copy.zip", "--lab", str(home / "again")).code == 0
    for lab in (home / "home" / "main", home / "again"):
        with sqlite3.connect(lab / "lab.sqlite") as db:
            assert db.execute("select count(*) from account where uri like '%ben%'").fetchone() == (0,)
        assert not any(b"ben@garten" in p.read_bytes() for p in lab.rglob("*") if p.is_file())
    assert run("why", "follow_friday", "@ben@garten.example").code == 2
    assert "Nothing new" in run("import", str(posts)).out


def test_forgetting_a_person_erases_all_her_accounts_and_her_name(run: Run, posts: Path, home: Path) -> None:
    run("import", str(posts))
    run("link", "@ben@garten.example", "ben.bsky.example", "--name", "Benedikt Lang")
    assert run("export", str(home / "out")).code == 0
    said = run("forget", "@ben@garten.example", "--yes")
    assert said.code == 0
    assert "out" in said.err, "what was exported before is named"
    everything = b"".join(p.read_bytes() for p in (home / "home" / "main").rglob("*") if p.is_file())
    assert b"Benedikt" not in everything
    assert b"ben.bsky" not in everything


def test_ones_own_account_is_not_forgotten_by_mistake(run: Run, posts: Path) -> None:
    run("import", str(posts))
    run("me", "@ben@garten.example")
    assert run("forget", "@ben@garten.example", "--yes").code == 2


def test_a_lab_leaves_as_open_files_and_comes_back(run: Run, posts: Path, home: Path) -> None:
    run("import", str(posts))
    for form in ("jsonl", "csv", "parquet"):
        assert run("export", str(home / form), "--format", form).code == 0
    assert run("import", str(home / "jsonl"), "--lab", str(home / "other")).code == 0
    one = json.loads(run("show", "follow_friday", "--as-of", "2026-03-15", "--json").out)
    other = json.loads(
        run("show", "follow_friday", "--as-of", "2026-03-15", "--json", "--lab", str(home / "other")).out
    )
    assert one["rows"] == other["rows"]


def test_doctor_says_that_all_is_well_or_ends_with_one(run: Run, posts: Path, home: Path) -> None:
    run("import", str(posts))
    assert run("doctor").code == 0
    next((home / "home" / "main" / "events").rglob("*.parquet")).unlink()
    said = run("doctor")
    assert said.code == 1
    assert "missing" in said.out


def test_every_command_says_what_it_is_for_with_an_example(run: Run) -> None:
    from typer.main import get_command

    from leumund.cli.app import app

    for name in get_command(app).commands:  # type: ignore[attr-defined]
        said = run(name, "--help")
        assert said.code == 0
        assert f"leumund {name}" in " ".join(said.out.split()), name


def test_the_answer_alone_goes_to_stdout(home: Path) -> None:
    environment = {**os.environ, "LEUMUND_LANG": "en"}
    command = [sys.executable, "-m", "leumund", "measures", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, check=True)
    assert {m["name"] for m in json.loads(done.stdout)} >= {
        "follow_friday",
        "influence",
        "followers",
        "courtesy",
    }
    assert done.stderr == ""


def test_help_imports_nothing_heavy(home: Path) -> None:
    script = """
import sys
from leumund.cli import main
try: main(["--help"])
except SystemExit: pass
heavy = {"duckdb", "pyarrow", "numpy", "scipy", "altair", "rich.console", "sqlite3", "jinja2"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=home)
