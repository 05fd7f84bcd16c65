"""The board week by week: each week as it was at its end, with nothing of what came later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.measures.follow_friday import follow_friday
from leumund.measures.follow_friday_history import follow_friday_history

from .made import World, friday, standings
from .test_follow_friday import FEW, PostOf, made, some_posts

ANNA, BEN, CARLA, DORA = 1, 2, 3, 4
SUNDAY = timedelta(days=2, hours=14, minutes=59, seconds=59, microseconds=999_999)  # after friday(n)


def history(world: World, week: float, **options: Any) -> list[dict[str, Any]]:
    return list(follow_friday_history(world.tables(friday(week)), **options).rows.to_pylist())


def test_a_place_is_won_and_lost_from_week_to_week() -> None:
    world = World(own=(ANNA,)).ff(BEN, ANNA, at=friday(1), reason="kind").ff(CARLA, DORA, at=friday(2))
    world.ff(BEN, DORA, at=friday(2), reason="kind")
    found = history(world, 2, days=21)
    assert [row["week"] for row in found] == [date(2026, 3, 2) + timedelta(weeks=n) for n in range(3)]
    assert [(row["rank"], row["places"]) for row in found] == [(None, 0), (1, 1), (2, 2)]
    assert found[1]["score"] == pytest.approx(1)
    assert found[2]["score"] == pytest.approx(2**-0.25)


def test_the_history_of_another_account_is_asked_for_by_its_key() -> None:
    world = World(own=(ANNA,)).ff(BEN, DORA, at=friday(), reason="kind")
    assert history(world, 0, days=7, account=DORA)[0]["rank"] == 1


@FEW
@given(some_posts, st.sampled_from(["all", "de"]), st.booleans())
def test_every_week_is_what_the_board_said_at_its_end(
    posts: list[PostOf], board: str, some_standing: bool
) -> None:
    world = made(posts)
    for n, row in enumerate(world.rows["languages"]):
        row["language"] = ("de", "en", None)[n % 3]
    with standings({2: 0.5, 3: 1.5} if some_standing else {}):
        ends = [world.tables(friday(week) + SUNDAY) for week in range(6)]
        boards = [follow_friday(then, board=board, limit=None).rows.to_pylist() for then in ends]
        for account in (1, 2):
            found = history(world, 6, account=account, board=board, days=49)
            assert len(found) == 7
            for row, rows in zip(found[:-1], boards, strict=True):
                mine = next((r for r in rows if r["account"] == account), None)
                assert row["places"] == len(rows)
                assert row["rank"] == (mine and mine["rank"])
                assert row["score"] == (mine and pytest.approx(mine["score"], abs=1e-9))


def test_without_an_account_of_ones_own_it_says_so() -> None:
    result = follow_friday_history(World().ff(BEN, ANNA, at=friday()).tables(friday()))
    assert result.rows.num_rows == 0
    assert "leumund me" in str(result.notes[0])


def test_an_empty_board_is_said() -> None:
    world = World(own=(ANNA,)).ff(BEN, ANNA, at=friday())
    result = follow_friday_history(world.tables(friday()), board="topic:nothing")
    said = [str(note) for note in result.notes]
    assert "Nobody stands on the board “topic:nothing”, nor on any of its kind." in said


@pytest.mark.parametrize("days", [0, -7, 10**9])
def test_too_few_and_too_many_days_are_refused(days: int) -> None:
    with pytest.raises(UsageError):
        follow_friday_history(World(own=(ANNA,)).tables(friday()), days=days)


def test_weeks_know_nothing_of_trust_and_exchange_that_came_later() -> None:
    """With standing as it is found in a lab: the owner trusts one, exchanges with another, follows a third."""
    world = World(own=(ANNA,)).mark(BEN, "trust", at=friday(2)).act("follow", ANNA, DORA, at=friday(4))
    for week in range(8):
        for author in (BEN, CARLA, DORA, 7, 8):
            world.ff(author, ANNA, 20 + (author + week) % 3, at=friday(week), reason="kind")
        if week > 2:
            world.act("reply", CARLA, ANNA, at=friday(week)).act("reply", ANNA, CARLA, at=friday(week))
    found = history(world, 8, days=63)
    for week, row in enumerate(found[:-1]):
        rows = follow_friday(world.tables(friday(week) + SUNDAY), limit=None).rows.to_pylist()
        mine = next(r for r in rows if r["account"] == ANNA)
        assert (row["rank"], row["score"]) == (mine["rank"], pytest.approx(mine["score"]))
        assert row["unknown"] == (
            mine["unknown"] if mine["unknown"] is None else pytest.approx(mine["unknown"])
        )
    assert [row["unknown"] is None for row in found[:4]] == [True, True, False, False]
    assert found[2]["score"] < found[1]["score"]  # since then the voices of unknown people count apart


def test_the_language_of_a_week_is_that_of_the_hundred_posts_before_its_end() -> None:
    world = World(own=(ANNA,)).ff(BEN, ANNA, at=friday())
    for n in range(300):  # English for three weeks, then German: 58 of the hundred at the end of the fifth
        world.post(
            ANNA, at=friday() + timedelta(hours=4 * n), language="en" if n < 126 else "de", post=f"a{n:03}"
        )
    found = history(world, 7, days=56, board="de")
    for week, row in enumerate(found[:-1]):
        rows = follow_friday(world.tables(friday(week) + SUNDAY), board="de").rows.to_pylist()
        assert row["rank"] == (rows[0]["rank"] if rows else None)
    assert [row["rank"] for row in found] == [None] * 5 + [1] * 3
