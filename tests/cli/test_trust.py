"""Whom the owner trusts: said again, said of somebody never seen, said of herself."""

from __future__ import annotations

import json

import pytest

from .conftest import Run

ANNA, BEN = "@anna.berg@werkstatt.example", "@ben@werkstatt.example"


@pytest.fixture
def lab(run: Run) -> Run:
    run("init", "--me", "@petra@kiez.example")
    run("link", ANNA, "anna-berg.bsky.social")
    run("link", BEN, "ben.bsky.social")
    return run


def since(run: Run) -> list[str]:
    return [row["since"][:10] for row in json.loads(run("trust", "--json").out)]


def test_said_again_the_earliest_date_stays_and_that_is_said(lab: Run) -> None:
    lab("trust", ANNA, "--since", "2025-03-01")
    again = lab("trust", ANNA)
    assert "trusted before, since 1 Mar 2025; that stays." in again.out
    assert "counts from now on" not in again.out
    lab("trust", ANNA, "--since", "2025-06-01")
    assert since(lab) == ["2025-03-01"]
    lab("trust", ANNA, "--since", "2024-06-01")
    assert since(lab) == ["2024-06-01"]
    assert "counts from now on" in lab("trust", ANNA, BEN).out, "of Ben it does"


def test_taken_back_and_said_again_it_begins_anew(lab: Run) -> None:
    lab("trust", ANNA, "--since", "2025-03-01")
    lab("trust", "--remove", ANNA)
    assert "trusted before" not in lab("trust", ANNA, "--since", "2026-01-01").out
    assert since(lab) == ["2026-01-01"]


def test_whoever_was_trusted_from_the_beginning_is_trusted_always(lab: Run) -> None:
    assert ": always" in lab("trust", ANNA, "--since", "ever").out


def test_of_an_account_never_seen_it_is_said_and_whose_name_is_nearly_the_same(lab: Run) -> None:
    assert lab("trust", ANNA).err == ""
    said = lab("trust", "@ana.berg@werkstatt.example")
    assert said.code == 0
    assert "Nothing was seen of @ana.berg@werkstatt.example in this lab yet." in said.err
    assert f"Did you mean {ANNA}?" in said.err, "and not Ben, who is on the same server too"
    assert "leumund trust --remove @ana.berg@werkstatt.example" in said.err
    assert "Did you mean" not in lab("trust", "@zoe@dorf.example").err


def test_ones_own_account_is_named_as_people_write_it(lab: Run) -> None:
    said = lab("trust", "@petra@kiez.example")
    assert said.code == 2
    assert "@petra@kiez.example is your own account." in said.err
    assert "acct:" not in said.err


def test_trust_in_a_person_is_taken_back_by_any_of_her_accounts(lab: Run) -> None:
    lab("trust", ANNA, BEN)
    said = lab("trust", "--remove", "anna-berg.bsky.social")
    assert (said.code, len(since(lab))) == (0, 1)
    lab("trust", ANNA, "anna-berg.bsky.social")
    assert lab("trust", "--remove", ANNA).code == 0
    assert len(since(lab)) == 1, "both of Anna's marks are taken back"
    assert lab("trust", "--remove", ANNA).code == 2


def test_trust_from_a_day_to_come_is_refused(lab: Run) -> None:
    said = lab("trust", ANNA, "--since", "2190-01-01")
    assert said.code == 2
    assert "“2190-01-01” is still to come." in said.err
    assert since(lab) == []
