"""How sure a place is: wide where few speak for it, narrow where many do, and the same for the same votes."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.measures.follow_friday import follow_friday
from leumund.measures.follow_friday import places as places_of
from leumund.measures.follow_friday.places import _ends, _middle, _ordered, _times, intervals

from .made import World, friday

ANNA, BEN, CARLA = 1, 2, 3


def places(world: World, **options: Any) -> dict[int, tuple[int | None, int | None]]:
    rows = follow_friday(world.tables(friday()), **options).rows.to_pylist()
    return {row["account"]: (row["rank_low"], row["rank_high"]) for row in rows}


def crowd(world: World, account: int, first: int, people: int) -> World:
    for n in range(people):
        world.ff(first + n, account, at=friday(), reason="kind")
    return world


def test_with_fewer_than_ten_recommenders_there_is_too_little_data() -> None:
    assert places(crowd(World(), ANNA, 10, 9)) == {ANNA: (None, None)}
    assert places(crowd(World(), ANNA, 10, 10)) == {ANNA: (1, 1)}


def test_a_place_that_many_speak_for_is_sure_and_one_between_equals_is_not() -> None:
    world = crowd(crowd(crowd(World(), ANNA, 100, 60), BEN, 200, 10), CARLA, 300, 9)
    assert places(world) == {ANNA: (1, 1), BEN: (2, 3), CARLA: (2, 3)}


def test_one_loud_voice_makes_no_sure_place() -> None:
    """The score of one fan equals that of seven people, but without her nothing is left of it."""
    world = crowd(World(), ANNA, 100, 7)
    for n in range(6):  # Ben has one voice each week, of the same person
        world.ff(50, BEN, at=friday(-n), reason="kind")
    for n in range(20):
        world.ff(300 + n, 400 + n, at=friday(-8), reason="kind")
    found = places(world)
    assert found[ANNA] == (1, 2)
    low, high = found[BEN]
    assert low is not None
    assert high is not None
    assert high - low > 5


def test_the_limit_changes_no_interval() -> None:
    world = crowd(crowd(World(), ANNA, 100, 8), BEN, 200, 7)
    assert places(world, limit=1)[ANNA] == places(world)[ANNA]


def test_in_whatever_order_votes_come_the_interval_is_the_same() -> None:
    world = World()
    draw = random.Random(7)
    for n in range(40):
        world.ff(100 + n, *draw.sample(range(1, 9), 3), at=friday())
    first = places(world)
    for rows in world.rows.values():
        draw.shuffle(rows)
    assert places(world) == first


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 12)), min_size=1, max_size=80, unique=True))
def test_the_interval_holds_the_place_itself(pairs: list[tuple[int, int]]) -> None:
    worth = {account: sum(a == account for _r, a in pairs) for _r, account in pairs}
    order = sorted(worth, key=lambda a: (-worth[a], a))
    rows = sorted((r, order.index(a) + 1) for r, a in pairs)
    table = pa.table(
        {"recommender": [r for r, _ in rows], "rank": [k for _, k in rows], "worth": [1.0] * len(rows)}
    )
    low, high = intervals(table, len(order))
    if len({r for r, _ in rows}) < 10:
        assert low.null_count == len(order)
        return
    for rank, (best, worst) in enumerate(zip(low.to_pylist(), high.to_pylist(), strict=True), 1):
        assert 1 <= best <= rank <= worst <= len(order)


STEPS = st.integers(0, 6).map(lambda n: n * 2.0**40 / 3)


@given(st.lists(st.tuples(STEPS, STEPS), max_size=40))
def test_the_quick_order_is_the_plain_one(values: list[tuple[float, float]]) -> None:
    score, more = np.array(values, np.float64).reshape(-1, 2).T
    assert _ordered(score, None).tolist() == np.argsort(-score, kind="stable").tolist()
    assert _ordered(score, more).tolist() == np.lexsort((-more, -score)).tolist()


def test_the_middle_is_what_percentiles_say() -> None:
    found = np.random.default_rng(7).integers(0, 50, (200, 9)).astype(np.int32)
    for draws in range(50, 201):
        low, high = np.percentile(found[:draws], (5.0, 95.0), axis=0, method="nearest").tolist()
        assert [side.tolist() for side in _middle(found[:draws].copy())] == [low, high]


def test_the_ends_of_19_draws_hold_one_more_in_18_of_20_cases() -> None:
    some = np.random.default_rng(7).lognormal(size=(20, 40_000))
    low, high = _ends(lambda draw: some[draw], 19)
    assert np.mean((low <= some[19]) & (some[19] <= high)) == pytest.approx(0.9, abs=0.006)


def test_recommenders_are_drawn_once_on_average() -> None:
    keys = np.arange(20_000, dtype=np.uint64)
    for draw in (0, 1, 199):
        times = _times(keys, draw)
        assert times.mean() == pytest.approx(1, abs=0.03)
        assert times.var() == pytest.approx(1, abs=0.06)
    assert abs(np.corrcoef(_times(keys, 0), _times(keys, 1))[0, 1]) < 0.03


@pytest.mark.parametrize("work", [places_of._MOST_WORK, 1], ids=["200 draws", "19 draws"])
def test_in_made_up_worlds_the_interval_holds_the_true_place_more_than_eight_times_in_ten(
    work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred recommenders name four of sixty people each, the better known ones more often."""
    monkeypatch.setattr(places_of, "_MOST_WORK", work)
    draw = np.random.default_rng(7)
    held, among_first = [], []
    for _world in range(25):
        fame = np.exp(draw.normal(size=60))
        named = [draw.choice(60, 4, replace=False, p=fame / fame.sum()) for _ in range(100)]
        pairs = sorted(
            (int(r), int(j)) for r, js in zip(draw.integers(2**60, size=100), named, strict=True) for j in js
        )
        votes = np.bincount([j for _, j in pairs], minlength=60)
        order = [int(j) for j in np.argsort(-votes, kind="stable") if votes[j]]
        place = {j: rank for rank, j in enumerate(order, 1)}
        table = pa.table(
            {
                "recommender": [r for r, _ in pairs],
                "rank": [place[j] for _, j in pairs],
                "worth": [0.25] * 400,
            }
        )
        low, high = (side.to_pylist() for side in intervals(table, len(order)))
        true = {j: rank for rank, j in enumerate(sorted(order, key=lambda j: -fame[j]), 1)}
        hits = [low[place[j] - 1] <= true[j] <= high[place[j] - 1] for j in order]
        held += hits
        among_first += hits[:10]
    assert 0.8 < np.mean(held) < 0.95
    assert np.mean(among_first) > 0.85
