"""Whose voice weighs what: standing before the week, unknown people beside it, and no place bought by them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.measures.follow_friday import follow_friday
from leumund.measures.follow_friday.board import KAPPA, L0
from leumund.measures.follow_friday.explain import PARTS, explain

from .made import World, friday, standings
from .test_follow_friday import FEW, NOW, PostOf, made, some_posts

ANNA, BEN, CARLA, DORA, EMIL = 1, 2, 3, 4, 5
WEEK = 2931  # of FRIDAY


def rows(world: World, weeks: float = 0, **options: Any) -> list[dict[str, Any]]:
    return list(follow_friday(world.tables(friday(weeks)), **options).rows.to_pylist())


def test_a_vote_weighs_as_much_as_the_recommender_stands() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(CARLA, ANNA, at=friday(), reason="kind")
    with standings({BEN: 0.5, CARLA: 2.0}):
        (row,) = rows(world)
    assert row["score"] == pytest.approx(0.5 + 2.0)
    assert row["unknown"] == pytest.approx(0.5)  # what Ben's standing does not stand behind; never below 0


def test_what_counts_is_the_standing_before_that_week() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(BEN, CARLA, at=friday(1), reason="kind")
    with standings({(BEN, WEEK): 0.2, (BEN, WEEK + 1): 1.0}):
        found = {row["account"]: row["score"] for row in rows(world, 1)}
    assert found == pytest.approx({ANNA: 0.2 * 2**-0.25, CARLA: 1.0})


def test_a_hundred_unknown_accounts_lift_nobody_above_one_vote_of_standing() -> None:
    world = World().ff(BEN, ANNA, at=friday())
    for account in range(100, 200):
        world.ff(account, CARLA, at=friday(), reason="kind")
    with standings({BEN: 0.1}):
        found = rows(world)
    assert [row["account"] for row in found] == [ANNA, CARLA]
    assert found[1]["score"] == 0
    assert found[1]["unknown"] == pytest.approx(100)
    assert found[1]["added"] == pytest.approx(KAPPA * L0)


def test_unknown_voices_order_those_whom_nobody_of_standing_recommends_and_never_tie() -> None:
    world = World().ff(BEN, EMIL, at=friday())
    for account, times in ((CARLA, 300), (DORA, 301)):
        for n in range(times):
            world.ff(1000 * account + n, account, at=friday(), reason="kind")
    with standings({BEN: 1.0}):
        found = rows(world)
    assert [row["account"] for row in found] == [EMIL, DORA, CARLA]
    assert found[1]["added"] == pytest.approx(found[2]["added"])  # both at the limit: the sum still tells


def test_without_any_standing_unknown_voices_are_not_told_apart() -> None:
    (row,) = rows(World().ff(BEN, ANNA, at=friday(), reason="kind"))
    assert (row["score"], row["unknown"], row["added"]) == (1, None, None)


def test_the_reading_says_what_unknown_people_do() -> None:
    with standings({BEN: 1.0}):
        result = follow_friday(World().ff(BEN, ANNA, at=friday()).tables(friday()))
    assert "unknown people decide only between equals" in str(result.notes[0])


def test_the_interval_of_a_place_holds_where_unknown_people_decide() -> None:
    world = World()
    for n in range(30):
        world.ff(100 + n, ANNA, at=friday(), reason="kind")
    for n in range(12):
        world.ff(200 + n, BEN, at=friday(), reason="kind")
    with standings({EMIL: 1.0}):
        found = {row["account"]: (row["rank_low"], row["rank_high"]) for row in rows(world)}
    assert found == {ANNA: (1, 1), BEN: (2, 2)}


def test_why_shows_standing_as_a_step_and_the_unknown_voice_beside_it() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(CARLA, ANNA, at=friday(), reason="kind")
    with standings({BEN: 0.25}):
        result = explain(world.tables(friday()), ANNA)
    ben, carla = result.rows.to_pylist()
    assert (ben["voice"], ben["standing"], ben["value"]) == (1, pytest.approx(-0.75), pytest.approx(0.25))
    assert (carla["standing"], carla["value"], carla["unknown"]) == (-1, 0, pytest.approx(1))
    assert any("Votes by people without standing: 1." in str(note) for note in result.notes)


weights = st.dictionaries(st.integers(1, 6), st.sampled_from([0.0, 1e-12, 0.3, 1.0, 2.7, 40.0]), max_size=6)


@FEW
@given(some_posts, weights)
def test_with_any_standing_the_parts_of_a_vote_sum_to_its_worth(
    posts: list[PostOf], known: dict[int | tuple[int, int], float]
) -> None:
    world = made(posts)
    with standings(known):
        for row in follow_friday(world.tables(NOW)).rows.to_pylist():
            result = explain(world.tables(NOW), row["account"])
            for vote in result.rows.to_pylist():
                total = vote["voice"] + sum(vote[p] for p in PARTS)
                assert total == pytest.approx(vote["value"], abs=1e-12, rel=1e-13)
                assert all(vote[p] <= 0 for p in PARTS if p != "standing")
            assert sum(result.rows["value"].to_pylist()) == pytest.approx(row["score"], abs=1e-9)
            assert sum(result.rows["unknown"].to_pylist()) == pytest.approx(row["unknown"], abs=1e-9)


@FEW
@given(some_posts, weights, st.integers(1, 30))
def test_however_many_unknown_accounts_vote_no_score_changes_and_none_of_them_lifts_anybody_past_standing(
    posts: list[PostOf], known: dict[int | tuple[int, int], float], many: int
) -> None:
    def scores() -> dict[int, float]:
        return {r["account"]: r["score"] for r in follow_friday(world.tables(NOW)).rows.to_pylist()}

    with standings(known):
        world = made(posts)
        before = scores()
        for account in range(1000, 1000 + many):
            world.ff(account, 6, at=friday(5), reason="kind")
        after = scores()
        found = follow_friday(world.tables(NOW)).rows.to_pylist()
    assert {a: after[a] for a in before} == pytest.approx(before, abs=1e-12)
    assert [r["score"] for r in found] == sorted((r["score"] for r in found), reverse=True)
    for row in found:
        bound = KAPPA * (row["score"] + L0)
        assert row["added"] <= bound + 1e-12
        assert row["added"] == pytest.approx(bound * -math.expm1(-row["unknown"] / bound))
