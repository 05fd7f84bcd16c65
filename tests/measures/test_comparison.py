"""The owner beside those she looks up to: public figures, side by side, and unknown where nobody told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leumund.errors import UsageError
from leumund.measures.comparison import MEASURE, comparison

from .made import World, friday

ANNA, BEN, CARLA, DORA, EMIL, FRIEDA = 1, 2, 3, 4, 5, 6
NOW = friday(8)


def rows(world: World, *others: int, **options: Any) -> dict[int, dict[str, Any]]:
    found = comparison(world.tables(NOW), with_=others, **options).rows.to_pylist()
    return {row["account"]: row for row in found}


def sighted(world: World, account: int, week: int, **counts: int) -> None:
    world.sighting(account, None, at=friday(week))
    world.rows["sightings"][-1] |= counts


def test_followers_are_the_last_ones_told_of_all_accounts_of_a_person() -> None:
    world = World(own=(ANNA,), persons=((BEN, CARLA),))
    world.sighting(BEN, 100, at=friday()).sighting(BEN, 120, at=friday(5)).sighting(CARLA, 7, at=friday(2))
    found = rows(world, CARLA)
    assert (found[BEN]["followers"], found[BEN]["seen"]) == (127, friday(2).date())
    assert found[ANNA]["followers"] is None


def test_posts_a_week_follow_from_what_the_network_counted() -> None:
    world = World(own=(ANNA,))
    for week, posts in ((1, 1000), (5, 1012)):
        sighted(world, BEN, week, posts=posts)
    sighted(world, CARLA, 3, posts=55)
    for n in range(8):
        world.post(ANNA, at=NOW - timedelta(days=n))
    found = rows(world, BEN, CARLA)
    assert [found[a]["posts"] for a in (ANNA, BEN, CARLA)] == [2, 3, None]


def test_recommenders_and_the_place_are_those_of_the_board() -> None:
    world = World(own=(ANNA,)).ff(DORA, BEN, at=friday(7), reason="kind").ff(EMIL, BEN, at=friday(7))
    world.ff(DORA, ANNA, at=friday(6))
    found = rows(world, BEN, CARLA)
    assert [(found[a]["recommenders"], found[a]["place"]) for a in (BEN, ANNA, CARLA)] == [
        (2, 1),
        (1, 2),
        (None, None),
    ]


def test_responders_of_others_are_told_only_where_nearly_all_responses_were_seen() -> None:
    world = World(own=(ANNA,))
    for account, likes in ((BEN, 2), (CARLA, 20)):
        world.post(account, at=friday(7), post=f"p{account}")
        world.rows["posts"][-1]["likes"] = likes
        for actor in (DORA, EMIL):
            world.act("like", actor, account, at=friday(7), post=f"p{account}")
    world.act("reply", DORA, ANNA, at=friday(7)).act("like", DORA, ANNA, at=friday(7))
    found = rows(world, BEN, CARLA)
    assert [found[a]["responders"] for a in (ANNA, BEN, CARLA)] == [1, 2, None]


def test_more_than_five_are_refused_and_oneself_is_not_compared_with_herself() -> None:
    world = World(own=(ANNA,))
    assert set(rows(world, ANNA, BEN, BEN)) == {ANNA, BEN}
    with pytest.raises(UsageError):
        rows(world, BEN, CARLA, DORA, EMIL, FRIEDA, 7)
    with pytest.raises(UsageError):
        rows(world, BEN, days=0)


def test_it_is_private_and_asks_with_whom() -> None:
    assert MEASURE.private
    notes = [str(note) for note in comparison(World(own=(ANNA,)).tables(NOW)).notes]
    assert any("--with" in note for note in notes)
