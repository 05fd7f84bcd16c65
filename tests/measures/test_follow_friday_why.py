"""Why a vote is worth what it is: the fall from full voice, the post it stands in, and plain words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from leumund.measures.follow_friday.explain import PARTS, explain

from .made import World, friday, long_ago

if TYPE_CHECKING:
    from leumund.measures import Result

ANNA, BEN, CARLA, DORA, EMIL = 1, 2, 3, 4, 5


def told(result: Result) -> list[str]:
    return [str(note) for note in result.notes]


def test_a_vote_falls_from_full_voice_to_its_worth() -> None:
    world = World(own=(ANNA,)).ff(BEN, ANNA, CARLA, at=friday(), post="uri:p")
    result = explain(world.tables(friday(4)))
    (row,) = result.rows.to_pylist()
    third = -(1 - 1 / 8) / 3  # three halvings, each its equal share of what was lost
    assert [row[p] for p in PARTS] == pytest.approx([0, third, third, 0, 0, third])
    assert (row["voice"], row["value"], row["post"], row["named"]) == (1, pytest.approx(1 / 8), "uri:p", 2)
    assert row["week"] == datetime(2026, 3, 2, tzinfo=UTC).date()


def test_why_speaks_of_the_owners_accounts_unless_asked_otherwise() -> None:
    world = World(own=(ANNA,)).ff(BEN, ANNA, at=friday()).ff(BEN, CARLA, at=friday(1))
    assert explain(world.tables(friday(1))).rows["account"].to_pylist() == [ANNA]
    assert explain(world.tables(friday(1)), CARLA).rows["account"].to_pylist() == [CARLA]


def test_why_of_either_account_is_why_of_the_person() -> None:
    world = World(own=(DORA,), persons=((ANNA, EMIL), (DORA, CARLA)))
    world.ff(BEN, ANNA, at=friday()).ff(BEN, EMIL, at=friday(1)).ff(BEN, CARLA, at=friday(1))
    first, other = (explain(world.tables(friday(1)), account) for account in (ANNA, EMIL))
    assert first.rows.equals(other.rows)
    assert first.rows["account"].to_pylist() == [ANNA, ANNA]
    assert explain(world.tables(friday(1))).figures["votes"] == 1


def test_why_shows_the_post_with_the_reason() -> None:
    world = World().ff(BEN, ANNA, at=friday(), post="bare")
    world.ff(BEN, ANNA, at=friday() + timedelta(hours=1), post="reasoned", reason="she listens")
    (row,) = explain(world.tables(friday(1)), ANNA).rows.to_pylist()
    assert (row["post"], row["text"]) == ("reasoned", "she listens")


def test_a_shortened_list_holds_the_votes_worth_most_and_counts_all() -> None:
    world = (
        World()
        .ff(BEN, ANNA, at=friday(), reason="kind")
        .ff(CARLA, ANNA, at=friday())
        .ff(DORA, ANNA, at=friday(1))
    )
    result = explain(world.tables(friday(1)), ANNA, limit=1)
    assert result.rows["recommender"].to_pylist() == [BEN]
    assert result.figures["votes"] == 3


def test_no_reason_and_a_reason_nobody_told_of_are_not_the_same() -> None:
    world = World().ff(BEN, ANNA, at=friday()).act("endorse", CARLA, ANNA, at=friday(), via="q")
    rows = explain(world.tables(friday()), ANNA).rows.to_pylist()
    assert {row["recommender"]: row["text"] for row in rows} == {BEN: "", CARLA: None}


def test_why_says_it_in_plain_words() -> None:
    world = World().ff(BEN, ANNA, CARLA, at=friday()).ff(DORA, ANNA, at=friday(), reason="kind")
    notes = told(explain(world.tables(friday()), ANNA))
    assert notes[0] == "1.2 points from 2 votes by 2 people."
    assert "Naming many people in one week took away 0.4." in notes
    assert told(explain(world.tables(friday()), EMIL)) == ["No recommendation is known."]


def test_a_standing_above_1_is_told_as_a_gain() -> None:
    world = World().ff(BEN, ANNA, at=friday(9), reason="kind").mark(BEN, "trust", at=long_ago())
    for week in range(9):
        world.ff(CARLA, BEN, at=friday(week)).mark(CARLA, "trust", at=long_ago())
    tables = world.tables(friday(9))
    tables.community = True
    result = explain(tables, ANNA)
    assert sum(result.rows["standing"].to_pylist()) > 0.05
    assert any(note.startswith("High standing of those who recommend added ") for note in told(result))
    assert not any("Little or no standing" in note for note in told(result))
