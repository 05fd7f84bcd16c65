"""Entering by hand: kept as understood, listed, changed, taken back, read from tables; what is doubtful is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .conftest import Run


@pytest.fixture(autouse=True)
def lab(run: Run) -> None:
    assert run("init").code == 0


def test_a_goal_is_said_back_as_it_was_understood(run: Run) -> None:
    said = run("goal", "add", "5.000 Follower bis 1.3.2099")
    assert said.out == re.sub(
        r".*  ", said.out.partition("  ")[0] + "  ", "x  5,000 followers by 1 Mar 2099\n"
    )
    (goal,) = json.loads(run("goal", "list", "--json").out)
    assert (goal["goal"], goal["target"], goal["until"][:10]) == ("followers", 5000, "2099-03-01")


def test_a_customer_keeps_what_an_edit_does_not_name(run: Run) -> None:
    run("customer", "add", "Mrs K.", "--value", "1.200,50 €", "--found", "Mastodon", "--on", "2.2.2026")
    run("customer", "edit", "last", "--lead", "--found", "")
    (customer,) = json.loads(run("customer", "list", "--json").out)
    assert (customer["value"], customer["currency"], customer["lead"]) == (1200.5, "EUR", True)
    assert "found_us_by" not in customer
    assert "2 Feb 2026" in run("customer", "list").out


def test_undo_takes_back_one_command_after_the_other(run: Run) -> None:
    run("time", "add", "1:30", "mastodon", "--on", "2026-02-02")
    run("time", "edit", "last", "--hours", "2")
    run("time", "remove", "last")
    assert "no hours" in run("time", "list").out
    assert run("undo").out.startswith("There again:")
    assert "2 hours" in run("time", "list").out
    assert run("undo").out == "As it was before: 2 Feb 2026  1.5 hours: Mastodon\n"
    assert run("undo").out == "Taken back: 2 Feb 2026  1.5 hours: Mastodon\n"
    assert "nothing left" in run("undo").out
    assert "no hours" in run("time", "list").out


def test_undo_reaches_whom_one_trusts(run: Run) -> None:
    run("trust", "@ben@example.social")
    run("trust", "--remove", "@ben@example.social")
    assert run("undo").out == "There again: " + run("undo").out.removeprefix("Taken back: ")
    assert "not said yet" in run("trust").out


def test_who_is_named_and_unknown_is_said_to_count_as_word_of_mouth(run: Run) -> None:
    run("trust", "@benno@example.social")
    said = run("customer", "add", "Mrs K.", "--recommended-by", "@bennno@example.social > Frau Y.")
    assert said.code == 0
    assert "@bennno@example.social is not in this lab and counts as word of mouth" in said.err
    assert "Frau Y. is not" not in said.err
    assert (
        "word of mouth" not in run("customer", "add", "L.", "--recommended-by", "@benno@example.social").err
    )


def test_the_currency_beside_an_amount_in_a_table_is_kept(run: Run, home: Path) -> None:
    (home / "c.csv").write_text(
        "cost;happened_at;amount\nfair;2.2.2026;480 €\nfair;3.2.2026;CHF 12,50\nfair;4.2.2026;7\n"
    )
    assert run("cost", "import", "c.csv").code == 0
    found = json.loads(run("cost", "list", "--json").out)
    assert {(c["amount"], c.get("currency")) for c in found} == {(480.0, "EUR"), (12.5, "CHF"), (7.0, None)}


def test_a_table_comes_in_and_goes_back_as_one_and_bad_rows_are_counted(run: Run, home: Path) -> None:
    (home / "c.csv").write_text(
        "customer;happened_at;value\nA;2.2.2026;480\nB;3.2.2026;1.200\nC;soon;3\nD;4.2.2026;12,50\n"
    )
    told = run("customer", "import", "c.csv").out
    assert "New: 2 entries" in told
    assert "2" in told.splitlines()[-1]
    assert {c["value"] for c in json.loads(run("customer", "list", "--json").out)} == {480, 12.5}
    assert "may be two numbers" in run("problems").out
    assert run("undo").out.count("Taken back") == 2
    assert "no customer" in run("customer", "list").out


def test_a_table_is_read_as_words_are(run: Run, home: Path) -> None:
    days = [
        "1:30;1. März 2026",
        "90m;March 1 2026",
        "1,5;1.3.2026",
        "1.5;2026-03-01",
        "2;yesterday",
        "2;24.11.26",
        "long;1.3.2026",
    ]
    (home / "t.csv").write_text("time;hours;happened_at\n" + "".join(f"fair;{d}\n" for d in days), "utf-8")
    assert "3 records could not be used" in run("time", "import", "t.csv").out
    assert "Write it like 2026-03-31 or 31.03.2026." in run("problems").out
    found = json.loads(run("time", "list", "--json").out)
    assert {(t["hours"], t["happened_at"][:10]) for t in found} == {(1.5, "2026-03-01")}


def test_a_table_of_something_else_is_refused(run: Run, home: Path) -> None:
    (home / "t.csv").write_text(run("csv-template", "time").out)
    said = run("cost", "import", "t.csv")
    assert said.code == 2
    assert "table of “time”" in said.err


def test_erasing_leaves_no_word_in_the_lab(run: Run, home: Path) -> None:
    run("customer", "add", "Zwetschgenbaum")
    run("customer", "edit", "last", "--note", "Zwetschgenkuchen")
    run("customer", "remove", "last", "--for-good")
    assert "nothing left" in run("undo").out
    for file in home.rglob("lab.sqlite*"):
        assert b"Zwetschgen" not in file.read_bytes(), file


def test_the_diary_lists_edits_and_removes(run: Run) -> None:
    run("note", "Messe", "--fun", "4", "--on", "1.2.2026", "--until", "3.2.2026")
    assert run("note").out.strip().endswith("1 Feb 2026  Messe (until 3 Feb 2026, fun 4 of 5)")
    run("note", "--edit", "last", "--fun", "2", "--outage", "--network", "mastodon")
    assert "outage, Mastodon" in run("note", "--list").out
    run("note", "--remove", "last")
    assert "empty" in run("note").out


@pytest.mark.parametrize(
    "asked",
    [("goal", "add", "much luck"), ("time", "add", "1.200", "x"), ("cost", "add", "12 Taler", "x"), ("note", "x", "--fun", "6"),
     ("note", "x", "--on", "3/4/2026"), ("time", "edit", "nothing", "--hours", "1"), ("note", "--fun", "3"),
     ("note", "x", "--on", "3.2.2026", "--until", "1.2.2026"), ("goal", "add", "9 followers by 2099-01-01", "--network", "orkut"),
     ("customer", "add", "--on", "3.2.2026", "--bought", "1.2.2026"), ("note", "x", "--silence", "--outage")],
)  # fmt: skip
def test_what_is_doubtful_is_refused_and_nothing_is_kept(run: Run, asked: tuple[str, ...]) -> None:
    said = run(*asked)
    assert said.code == 2
    assert "nothing left" in run("undo").out


def test_german_words_come_back_in_german(run: Run) -> None:
    said = run("--lang", "de", "time", "add", "1,5", "Messe", "--on", "2. März 2026")
    assert said.out.startswith("2.3.2026  1,5 ")


def test_customers_leave_with_an_export_only_where_that_is_said(run: Run, home: Path) -> None:
    run("customer", "add", "Mrs K.", "--on", "2.2.2026")
    run("note", "Fair", "--on", "2.2.2026")
    assert "1 entry" in run("export", "out").err
    assert {p.name for p in (home / "out").iterdir()} >= {"note.jsonl"}
    assert not (home / "out" / "customer.jsonl").exists()
    run("export", "all", "--private")
    assert "Mrs K." in (home / "all" / "customer.jsonl").read_text()


def test_a_part_for_the_blog_goes_on_where_the_last_one_ended(run: Run, home: Path) -> None:
    told = run("report", "--part", "1", "--as-of", "2026-02-01").out
    assert (home / "part-1.md").exists()
    assert "part-1.html" in told
    run("report", "story.html", "--part", "2", "--as-of", "2026-02-11")
    assert (home / "story.md").read_text().startswith("# Part 2: what 10 days brought")
    assert run("report", "--part", "3", "--as-of", "2026-02-01").code == 2
    assert run("report", "--since", "2026-02-01").code == 2


@pytest.mark.parametrize(
    ("noun", "table", "bad"),
    [
        ("time", "time,happened_at,hours\nx,2026-02-02,1.5\nx,2026-02-02,{}\n", ["NaN", "-1", "1e308", "1000", "inf"]),
        ("cost", "cost,happened_at,amount\nx,2026-02-02,120\nx,2026-02-02,{}\n", ["NaN", "-5", "1e308", "1.200"]),
        ("customer", "customer,happened_at,value\nx,2026-02-02,1\ny,2026-02-02,{}\n", ["NaN", "1e308", "-1e308"]),
        ("goal", "goal,happened_at,target,until\nfollowers,2026-01-01,9,2099-01-01\nfollowers,2026-01-01,{},2099-01-01\n",
         ["NaN", "-5", "0", "1e308"]),
    ],
)  # fmt: skip
def test_no_number_comes_in_from_a_table_that_could_not_be_typed(
    run: Run, home: Path, noun: str, table: str, bad: list[str]
) -> None:
    for number in bad:
        (home / "t.csv").write_text(table.format(number))
        run(noun, "import", "t.csv")
        listed = run(noun, "list", "--json")
        assert listed.code == 0
        assert len(json.loads(listed.out)) == 1, number
    assert run("problems", "--limit", "0").out.count(":3") == len(bad)


def test_no_more_fun_than_five_comes_in_from_a_table(run: Run, home: Path) -> None:
    (home / "n.csv").write_text("note,happened_at,fun\na,2026-02-02,7\nb,2026-02-02,0\nc,2026-02-02,5\n")
    run("note", "--file", "n.csv")
    assert [n["note"] for n in json.loads(run("note", "--list", "--json").out)] == ["c"]
    assert "fun: must lie between 1 and 5" in run("problems").out


def test_a_day_in_another_age_is_no_day_of_hers(run: Run, home: Path) -> None:
    (home / "c.csv").write_text(
        "customer,happened_at\na,9999-12-31\nb,0033-01-01\nc,1899-12-31\nd,2026-02-02\n"
    )
    run("customer", "import", "c.csv")
    assert [c["customer"] for c in json.loads(run("customer", "list", "--json").out)] == ["d"]
    assert run("problems").out.count("must lie between 1900 and 2200") == 3


def test_a_day_ahead_is_said_to_lie_ahead(run: Run) -> None:
    assert "lies ahead" in run("customer", "add", "K.", "--on", "1.1.2199").err
    assert "lies ahead" not in run("customer", "add", "L.", "--on", "yesterday").err


def test_nothing_below_nothing_is_entered_and_it_is_said(run: Run) -> None:
    for asked in (("cost", "add", "-5", "fair"), ("time", "add", "-1:30", "mastodon")):
        said = run(*asked)
        assert said.code == 2
        assert "Nothing below 0" in said.err


def test_accounts_in_a_chain_are_written_as_people_write_them(run: Run) -> None:
    run("trust", "@ben@example.social")
    said = run("customer", "add", "K.", "--recommended-by", "@ben@example.social > Frau M.")
    assert "through @ben@example.social → Frau M." in said.out


def test_an_empty_number_is_no_entrys(run: Run) -> None:
    run("customer", "add", "K.")
    assert run("customer", "edit", "", "--name", "L.").code == 2
    assert "K." in run("customer", "list").out
