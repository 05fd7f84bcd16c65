"""The no-go list at the command line: added, looked at, taken back; boards without it; limits from the settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

POSTS = """post,account,network,happened_at,text
p1,@anna@example.social,mastodon,2026-03-06T10:00:00Z,#FF @ben@example.social because he listens
p2,@carla@example.social,mastodon,2026-03-06T11:00:00Z,#FF @ben@example.social @dora@example.social
"""
SELLER = "\n".join(
    f"s{n},@ben@example.social,mastodon,2026-03-{n + 1:02}T10:00:00Z,Nur heute: Kurs zum halben Preis! Jetzt sichern: https://shop.example/{n}"
    for n in range(9)
)


@pytest.fixture
def lab(run: Run, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(POSTS, "utf-8")
    (tmp_path / "more.csv").write_text(f"post,account,network,happened_at,text\n{SELLER}\n", "utf-8")
    assert run("init").code == 0
    for name in ("posts.csv", "more.csv"):
        done = run("import", name)
        assert done.code == 0, done.err


@pytest.mark.usefixtures("lab")
def test_added_listed_undone_and_taken_off(run: Run) -> None:
    done = run("nogo", "add", "@ben@example.social", "--reason", "only adverts", "--until", "2099-01-31")
    assert done.code == 0, done.err
    (entry,) = json.loads(run("nogo", "list", "--json").out)
    assert (entry["account"], entry["reason"], entry["until"][:10]) == (
        "acct:ben@example.social",
        "only adverts",
        "2099-01-31",
    )
    assert "only adverts" in run("nogo", "list").out
    assert "31 Jan 2099" in run("nogo", "list").out
    assert run("nogo", "undo").code == 0
    assert json.loads(run("nogo", "list", "--json").out) == []
    assert run("nogo", "undo").code == 0
    assert run("nogo", "remove", "@ben@example.social").code == 0
    assert "Nobody" in run("nogo", "list").out


@pytest.mark.usefixtures("lab")
def test_what_is_not_said_anew_of_somebody_listed_stays(run: Run) -> None:
    """Giving another reason must not take the end away: nobody is to stand here for ever by oversight."""
    whom = ("nogo", "add", "@ben@example.social")
    run(*whom, "--reason", "only adverts", "--until", "2099-01-31", "--review", "2098-01-31")
    assert run(*whom, "--reason", "adverts and copies").code == 0
    (entry,) = json.loads(run("nogo", "list", "--json").out)
    assert entry["reason"] == "adverts and copies"
    assert (entry["until"][:10], entry["review"][:10]) == ("2099-01-31", "2098-01-31")


@pytest.mark.usefixtures("lab")
def test_one_command_is_one_change_however_many_it_names(run: Run) -> None:
    run("nogo", "add", "@ben@example.social", "@dora@example.social", "--reason", "only adverts")
    assert len(json.loads(run("nogo", "list", "--json").out)) == 2
    done = run("nogo", "undo")
    assert "@ben@example.social" in done.out
    assert "@dora@example.social" in done.out
    assert json.loads(run("nogo", "list", "--json").out) == []
    run("nogo", "undo")
    assert len(json.loads(run("nogo", "list", "--json").out)) == 2


@pytest.mark.usefixtures("lab")
def test_an_entry_is_found_under_every_account_of_the_person(run: Run) -> None:
    run("nogo", "add", "@ben@example.social", "--reason", "only adverts")
    assert run("link", "@ben@example.social", "@dora@example.social").code == 0
    done = run("nogo", "remove", "@dora@example.social")
    assert done.code == 0, done.err
    assert json.loads(run("nogo", "list", "--json").out) == []


@pytest.mark.usefixtures("lab")
def test_review_shows_who_is_due_and_keeps_whom_she_names(run: Run) -> None:
    run("nogo", "add", "@ben@example.social", "--reason", "only adverts")
    assert "Nobody" in run("nogo", "review").out
    before = json.loads(run("nogo", "list", "--json").out)[0]["review"]
    assert run("nogo", "review", "@ben@example.social", "--review", "2099-03-01").code == 0
    (entry,) = json.loads(run("nogo", "list", "--json").out)
    assert entry["reason"] == "only adverts"
    assert entry["review"][:10] == "2099-03-01" != before[:10]


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nogo", "add", "@ben@example.social", "--until", "2001-01-01"), "is past"),
        (("nogo", "remove", "@ben@example.social"), "not on your no-go list"),
        (("nogo", "undo"), "never been changed"),
        (("nogo", "review", "--review", "2099-01-01"), "belongs to accounts"),
    ],
)
def test_what_cannot_be_is_said(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert words in done.err


@pytest.mark.usefixtures("lab")
def test_one_cannot_list_oneself(run: Run) -> None:
    run("me", "@ben@example.social")
    done = run("nogo", "add", "@ben@example.social")
    assert done.code == 2
    assert "@ben@example.social is your own account" in done.err


@pytest.mark.usefixtures("lab")
def test_a_board_without_the_list_moves_the_others_up(run: Run) -> None:
    def board(*more: str) -> list[str]:
        shown = json.loads(run("show", "follow_friday", "--json", *more).out)
        return [row["account"] for row in shown["rows"]]

    run("nogo", "add", "@ben@example.social", "--reason", "only adverts")
    assert board() == ["@ben@example.social", "@dora@example.social"]
    assert board("--without-nogo") == ["@dora@example.social"]
    shown = run("show", "follow_friday", "--without-nogo").out
    assert "Left out, on your no-go list: 1." in shown
    assert "@ben" not in shown


@pytest.mark.usefixtures("lab")
def test_limits_stand_in_the_settings_in_words(run: Run, tmp_path: Path) -> None:
    def beyond() -> str | None:
        shown = json.loads(run("show", "conduct", "--json").out)
        (row,) = [r for r in shown["rows"] if r["account"] == "@ben@example.social"]
        return row["beyond"]  # type: ignore[no-any-return]

    assert "more than half adverts" in str(beyond())
    (tmp_path / "config.toml").write_text('[conduct]\nlimits = ["weniger als die Hälfte Dank"]\n', "utf-8")
    assert beyond() == "weniger als die Hälfte Dank"
    (tmp_path / "config.toml").write_text('[conduct]\nlimits = ["too much fun"]\n', "utf-8")
    done = run("show", "conduct")
    assert done.code == 2
    assert "too much fun" in done.err
    assert "more than half adverts" in done.err
    (tmp_path / "config.toml").write_text("[conduct]\nlimits = 3\n", "utf-8")
    assert run("show", "conduct").code == 2


@pytest.mark.usefixtures("lab")
def test_export_says_what_it_keeps_back(run: Run, tmp_path: Path) -> None:
    run("nogo", "add", "@ben@example.social", "--reason", "only adverts")
    assert "--private" in run("export", "out").err
    assert not list((tmp_path / "out").glob("nogo*"))
    assert run("export", "out2", "--private").err == ""
    assert list((tmp_path / "out2").glob("nogo*"))
