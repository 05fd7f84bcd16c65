"""show, why, overview and report: one person is one person, and each answer says where the next one is."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

POSTS = """post,account,network,happened_at,text
1,@anna@werkstatt.example,mastodon,2026-03-06T08:00:00Z,"#FF @ben@garten.example, weil er zuhört"
2,@carla@kiez.example,mastodon,2026-03-06T08:00:00Z,#FF @benno@beet.example @dora@dorf.example
3,@carla@kiez.example,mastodon,2026-03-13T09:00:00Z,#FF @ben@garten.example @benno@beet.example
"""
ACTS = """kind,actor,target,network,happened_at,post
reshare,@anna@werkstatt.example,@ben@garten.example,mastodon,2026-03-12T08:00:00Z,9
like,@carla@kiez.example,@benno@beet.example,mastodon,2026-03-12T09:00:00Z,8
like,@dora@dorf.example,@benno@beet.example,mastodon,2026-03-25T09:00:00Z,8
"""
BEN, BENNO = "@ben@garten.example", "@benno@beet.example"
THEN = ("--as-of", "2026-03-15")


@pytest.fixture
def lab(home: Path, run: Run) -> Run:
    for name, rows in (("posts.csv", POSTS), ("acts.csv", ACTS)):
        (home / name).write_text(rows, "utf-8")
        assert run("import", str(home / name)).code == 0
    return run


def board(run: Run) -> dict[str, dict[str, Any]]:
    told = json.loads(run("show", "follow_friday", *THEN, "--json").out)
    return {row["account"]: row for row in told["rows"]}


@pytest.mark.parametrize("linking", [("link", BEN, BENNO), ("me", BEN, BENNO)])
def test_linked_accounts_have_one_place_and_one_name(lab: Run, linking: tuple[str, ...]) -> None:
    before = board(lab)
    assert {BEN, BENNO} <= set(before)
    assert lab(*linking).code == 0
    after = board(lab)
    assert set(after) == set(before) - {BENNO}
    assert (after[BEN]["votes"], after[BEN]["recommenders"]) == (3, 2)
    told = json.loads(lab("show", "follow_friday", *THEN, "--json").out)
    assert told["people"] == [{"name": BEN, "accounts": [BEN, BENNO]}]


def test_why_of_either_account_is_why_of_the_person_and_names_both(lab: Run) -> None:
    lab("link", BEN, BENNO, "--name", "Benno Beet")
    for measure in ("follow_friday", "influence"):
        said = [lab("why", measure, who, *THEN).out for who in (BEN, BENNO, "Benno Beet", "benno beet")]
        bodies = {text.rpartition("\n\n")[0] for text in said}
        assert len(bodies) == 1, "the last line alone repeats whom one asked for"
        assert f"{BEN}, {BENNO}" in " ".join(bodies.pop().split())
    assert "Benno Beet" in board(lab)


def test_why_without_an_account_takes_all_of_the_owners_together(lab: Run) -> None:
    lab("me", BEN, BENNO)
    told = json.loads(lab("why", "follow_friday", *THEN, "--json").out)
    assert told["figures"]["votes"] == 3
    assert {row["account"] for row in told["rows"]} == {BEN}
    said = json.loads(lab("show", "influence", *THEN, "--json").out)
    assert said["figures"]["acts"] == 5  # a reshare, a like, three votes


def test_two_persons_of_one_name_are_told_apart(lab: Run) -> None:
    lab("link", BEN, "@ben@other.example", "--name", "Ben")
    lab("link", BENNO, "@benno@other.example", "--name", "Ben")
    assert {f"Ben ({BEN})", f"Ben ({BENNO})"} <= set(board(lab))
    said = lab("why", "follow_friday", "Ben (", *THEN)
    assert said.code == 2
    several = lab("why", "follow_friday", "BEN", *THEN)
    assert several.code == 2
    assert BEN in several.err
    assert BENNO in several.err


def test_why_gives_programs_as_many_rows_as_they_ask_for(lab: Run) -> None:
    lab("me", BEN, BENNO)
    everything = lab("why", "follow_friday", *THEN, "--csv").out.splitlines()
    assert len(everything) > 2
    assert lab("why", "follow_friday", *THEN, "--csv", "--limit", "1").out.splitlines() == everything[:2]


def test_show_names_the_why_that_fits_and_why_names_the_show(lab: Run) -> None:
    for words in (("show", "follow_friday"), ("show", "influence", "--account", BENNO)):
        last = lab(*words, *THEN).out.splitlines()[-1]
        assert last.startswith("Why: leumund why ")
        command = shlex.split(last.removeprefix("Why: leumund "))
        assert command[-2:] == list(THEN)
        back = lab(*command)
        assert back.code == 0, back.err
        again = back.out.splitlines()[-1]
        assert again.startswith(f"The figures: leumund show {words[1]}")
        assert lab(*shlex.split(again.removeprefix("The figures: leumund "))).code == 0
    said = lab("why", "followers")
    assert said.code == 2
    assert "leumund show followers" in said.err
    assert "Why:" not in lab("show", "followers").out
    assert "leumund" not in lab("show", "follow_friday", *THEN, "--csv").out


def test_every_command_the_overview_names_can_be_given(lab: Run) -> None:
    lab("me", BEN, BENNO)
    commands = re.findall(r"leumund ((?:show|why) .*)", lab("overview", *THEN).out)
    assert len(commands) == 5
    for command in commands:
        said = lab(*shlex.split(command))
        assert said.code == 0, (command, said.err)
        assert "2026" in said.out


def test_what_is_dated_later_is_counted_and_said(lab: Run) -> None:
    told = json.loads(lab("show", "influence", "--account", BEN, *THEN, "--json").out)
    assert (told["coverage"]["rows"], told["coverage"]["later"]) == (5, 1)
    assert "1 record is dated later and does not count." in " ".join(
        lab("show", "influence", *THEN).out.split()
    )
    assert "dated later" not in lab("show", "influence", "--as-of", "2026-03-31").out


def test_sources_are_named_by_their_titles_in_either_language(lab: Run) -> None:
    said = " ".join(lab("show", "follow_friday", *THEN).out.split())
    assert "source: CSV tables in the documented shapes." in said
    german = " ".join(lab("--lang", "de", "show", "follow_friday", *THEN).out.split())
    assert "Quelle: CSV-" in german
    assert "Csv" not in said + german


def test_where_the_start_is_unknown_no_change_is_told(lab: Run) -> None:
    said = lab("why", "influence", BEN, "--from", "2026-01-01", "--to", "2026-03-15").out
    assert re.search(r"^Change  unknown$", said, re.MULTILINE)
    known = lab("why", "influence", BEN, "--from", "2026-03-12", "--to", "2026-03-15").out
    assert re.search(r"^Change  (?:≈\s0|[+−]\d)", known, re.MULTILINE)


def test_the_report_of_an_empty_lab_says_what_to_do(run: Run, home: Path) -> None:
    assert run("init").code == 0
    assert run("report", "page.html").code == 0
    page = (home / "page.html").read_text("utf-8")
    glance = page.partition("<nav")[2].partition("</nav>")[0]
    tiles = [re.sub(r"<[^>]+>", " ", tile) for tile in glance.split("<li>")[1:]]
    assert len(tiles) == 4
    for tile in tiles:
        assert "unknown" in tile
        assert len(tile.split()) > 5, tile
    assert "leumund me ACCOUNT" in glance


def test_days_end_at_midnight_and_the_running_one_is_said(lab: Run) -> None:
    told = json.loads(lab("show", "influence", "--account", BEN, "--as-of", "2026-03-15T10:30", "--json").out)
    assert [row["day"] for row in told["rows"]][-2:] == ["2026-03-14", "2026-03-15"]
    assert any(n["sentence"].endswith("counted up to 15 Mar 2026, 10:30 UTC.") for n in told["notes"])
    whole = json.loads(lab("show", "influence", "--account", BEN, "--as-of", "2026-03-14", "--json").out)
    assert whole["rows"][-1] == told["rows"][-2]
    assert not any("counted up to" in n["sentence"] for n in whole["notes"])


def test_what_why_quotes_stands_in_show_too(lab: Run) -> None:
    told = json.loads(lab("show", "influence", "--account", BEN, *THEN, "--json").out)
    days = {row["day"]: row["score"] for row in told["rows"]}
    why = ("why", "influence", BEN, "--from", "2026-03-12", "--to", "2026-03-15")
    found = json.loads(lab(*why, "--json").out)["figures"]
    assert found["from_score"] == pytest.approx(days["2026-03-12"])
    assert found["to_score"] == pytest.approx(days["2026-03-15"])
    assert "(12 Mar 2026) to " in lab(*why).out
    said = lab("why", "influence", BEN, "--from", "2026-03-15", "--to", "2026-03-15")
    assert said.code == 2
    assert "name the day before it" in said.err


def test_all_rows_of_an_explanation_are_listed_with_limit_0(home: Path, run: Run) -> None:
    rows = "".join(f"reshare,@p{n}@kiez.example,{BEN},mastodon,2026-03-13T09:00:00Z,{n}\n" for n in range(40))
    (home / "acts.csv").write_text("kind,actor,target,network,happened_at,post\n" + rows, "utf-8")
    run("import", str(home / "acts.csv"))
    why = ("why", "influence", BEN, "--from", "2026-03-12", "--to", "2026-03-15")
    few = run(*why).out
    assert "10 more rows; all with --limit 0." in few
    assert few.count("kiez.example") == 30
    whole = run(*why, "--limit", "0").out
    assert "more row" not in whole
    assert whole.count("kiez.example") == 40


def test_where_nobody_is_the_owner_why_asks_whose_place_and_names_the_first(lab: Run) -> None:
    said = lab("why", "follow_friday", *THEN)
    assert said.code == 2
    assert "Whose place?" in said.err
    assert f"leumund why follow_friday {BEN}" in said.err
    assert "No account of your own" in lab("why", "influence", *THEN).out


def test_a_board_on_which_nobody_stands_names_those_there_are(lab: Run) -> None:
    for kind, board in (("country", "country:FR"), ("region", "region:Mordor"), ("topic", "topic:mordor")):
        out = " ".join(lab("show", "follow_friday", "--board", board, *THEN).out.split())
        assert f"Nobody stands on the board “{board}”, nor on any of its kind." in out, kind
    assert "Follow Friday: board of all languages" in lab("show", "follow_friday", *THEN).out


def test_of_a_communitys_lab_it_is_spoken_of_the_community(home: Path, run: Run) -> None:
    assert run("init", "--community").code == 0
    (home / "posts.csv").write_text(POSTS, "utf-8")
    run("import", str(home / "posts.csv"))
    run("trust", "@anna@werkstatt.example", "--since", "ever")
    out = " ".join(run("overview", *THEN).out.split())
    assert "Overview of a community" in out
    assert "stand on the board of all" in out
    assert "accounts have standing" in out
    assert not re.search(r"\byou\b", out), "it is no person who is spoken to"
