"""Consents at the command line: recorded, listed with whether they help, taken back, read from a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

BEN = "acct:ben@example.social"


@pytest.fixture
def lab(run: Run, tmp_path: Path) -> None:
    rows = "account,seen_at,network,handle,locked\n@ben@example.social,2026-03-01,mastodon,@ben@example.social,false\n"
    (tmp_path / "accounts.csv").write_text(rows, "utf-8")
    assert run("init").code == 0
    done = run("import", "accounts.csv")
    assert done.code == 0, done.err


@pytest.mark.usefixtures("lab")
def test_recorded_listed_and_taken_back(run: Run) -> None:
    done = run(
        "consent",
        "add",
        "@ben@example.social",
        "--for",
        "board",
        "--for",
        "parts",
        "--how",
        "by mail",
        "--until",
        "2099-01-31",
    )
    assert done.code == 0, done.err
    words = json.loads(run("consent", "list", "--json").out)
    assert [(w["account"], w["purpose"], w["how"], w["until"][:10]) for w in words] == [
        (BEN, "board", "by mail", "2099-01-31"),
        (BEN, "parts", "by mail", "2099-01-31"),
    ]
    assert {(w["appears"], w["reason"]) for w in words} == {(False, "unchecked")}, "seen long ago"
    assert "not looked at for more than a week" in run("consent", "list").out
    assert run("consent", "remove", "@ben@example.social", "--for", "parts").code == 0
    assert {w["purpose"]: w["reason"] for w in json.loads(run("consent", "list", "--json").out)} == {
        "board": "unchecked",
        "parts": "withdrawn",
    }
    assert "Consent: @ben@example.social" in run("undo").out
    assert all(w["holds"] for w in json.loads(run("consent", "list", "--json").out))


@pytest.mark.usefixtures("lab")
def test_whoever_wants_to_be_left_out_need_not_be_known(run: Run) -> None:
    assert run("consent", "remove", "@nobody@example.social").code == 0
    assert {w["holds"] for w in json.loads(run("consent", "list", "--json").out)} == {False}


@pytest.mark.usefixtures("lab")
def test_a_table_of_them_is_read_and_what_cannot_be_is_said(run: Run, tmp_path: Path) -> None:
    header = run("csv-template", "consent").out.splitlines()[0]
    assert header.startswith("consent,network,happened_at,purpose")
    rows = "consent,network,happened_at,purpose,how\n@ben@example.social,mastodon,2026-02-01,board,Mail\n@ben@example.social,mastodon,2026-02-01,fun,\n"
    (tmp_path / "yes.csv").write_text(rows, "utf-8")
    done = run("consent", "import", "yes.csv")
    assert done.code == 0, done.err
    assert "fun" in run("problems").out
    assert [w["purpose"] for w in json.loads(run("consent", "list", "--json").out)] == ["board"]


@pytest.mark.usefixtures("lab")
def test_what_makes_no_sense_is_said(run: Run) -> None:
    assert run("consent", "add", "@ben@example.social", "--for", "posters").code == 2
    assert "past" in run("consent", "add", "@ben@example.social", "--until", "2020-01-01").err
    run("me", "@anna@example.social")
    assert "your own" in run("consent", "add", "@anna@example.social").err
