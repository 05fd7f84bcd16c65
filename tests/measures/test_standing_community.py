"""Standing in a community's lab: what trust alone lends, what a ring can make of it, and what it cannot."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.graph import Graph
from leumund.graph import standing as standing_in
from leumund.measures.days import end_of_day
from leumund.measures.influence import influence
from leumund.measures.influence.explain import explain
from leumund.measures.standing import community, standing, standing_of
from leumund.measures.standing.community import ALPHA, WEEKS, Community, community_of
from leumund.measures.standing.personal import personal
from leumund.measures.standing.ties import NEVER
from leumund.measures.weeks import week_at, week_start
from leumund.store.register import as_us
from leumund.store.tables import Tables
from tests.draws import draws

from .made import World, friday, long_ago

ANNA, BEN, CARLA, DORA = 2, 3, 4, 5
FEW = draws(10)


def seen(world: World, week: float) -> Tables:
    tables = world.tables(friday(week))
    tables.community = True
    return tables


def tau(world: World, week: float) -> dict[int, float]:
    rows = standing(seen(world, week), limit=None).rows.to_pylist()
    return {row["account"]: row["standing"] for row in rows}


def test_trust_lends_and_half_of_it_flows_on_from_the_next_week() -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, BEN, at=friday(), via="r")
    assert tau(world, 0.1) == pytest.approx({ANNA: 2.0}), "who answers nobody gives it back to the seeds"
    later = tau(world, 1)
    assert later[BEN] == pytest.approx(later[ANNA] / 2)
    assert later[ANNA] + later[BEN] == pytest.approx(2), "s * p adds up to |seeds| / alpha"


def test_a_reshare_lends_more_than_a_reply_and_a_like_or_a_follow_nothing() -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, BEN, at=friday(), via="r")
    world.act("reshare", ANNA, CARLA, at=friday(), post="p")
    world.act("like", ANNA, DORA, at=friday(), post="q").act("follow", ANNA, DORA, at=friday())
    found = tau(world, 1)
    assert found[CARLA] == pytest.approx(1.5 * found[BEN])
    assert DORA not in found


def test_what_is_older_than_a_year_lends_nothing() -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, BEN, at=friday(), via="r")
    assert BEN in tau(world, 50)
    assert BEN not in tau(world, 55)


def test_without_seeds_nobody_has_standing_and_it_is_said() -> None:
    world = World().act("reply", ANNA, BEN, at=friday(), via="r")
    result = standing(seen(world, 1))
    assert result.rows.num_rows == 0
    assert any("leumund trust" in str(note) for note in result.notes)


@FEW
@given(
    st.lists(st.tuples(st.integers(2, 12), st.integers(2, 12)), min_size=1, max_size=60),
    st.integers(2, 30), st.integers(0, 4),
)  # fmt: skip
def test_a_ring_has_at_most_what_is_lent_to_it_from_outside(
    acts: list[tuple[int, int]], size: int, lent_edges: int
) -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).mark(BEN, "trust", at=long_ago())
    ring = list(range(100, 100 + size))
    pairs = [(a, b) for a, b in acts if a != b]
    pairs += [(2 + n, ring[n % size]) for n in range(lent_edges)]
    pairs += [(a, b) for a in ring for b in ring[:5] if a != b]
    for number, (a, b) in enumerate(pairs):
        world.act("reply", a, b, at=friday(), via=f"r{number}")
    found = standing_of(seen(world, 1))
    assert isinstance(found, Community)
    keys = np.array(sorted({*range(2, 13), *ring}), np.int64)
    all_of = dict(zip(keys.tolist(), found.at(keys, as_us(friday(1))).tolist(), strict=True))
    outside: dict[int, float] = {}
    for a, _b in pairs:
        outside[a] = outside.get(a, 0.0) + 2
    lent = sum(all_of[a] * 2 / outside[a] for a, b in pairs if a not in ring and b in ring)
    whole = sum(all_of[key] for key in ring)
    assert whole <= lent + 1e-6, "(1 - alpha) / alpha is 1"
    if not lent:
        assert whole == 0


def test_robots_and_the_no_go_list_neither_have_standing_nor_lend_it() -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, BEN, at=friday(), via="r")
    world.act("reply", BEN, CARLA, at=friday(), via="s").mark(BEN, "nogo", at=friday())
    found = tau(world, 2)
    assert BEN not in found
    assert CARLA not in found


def test_the_causes_add_up_in_a_community_too() -> None:
    world = World(own=(1,)).mark(ANNA, "trust", at=long_ago())
    for week in range(6):
        for n in range(8):
            at = friday(week) + timedelta(days=n % 7)
            world.act("reply", 2 + n, 2 + (n + week) % 8, at=at, via=f"{week}-{n}")
            world.act("reshare", 2 + n, 1, at=at, post=f"p{week}-{n}")
    tables = seen(world, 6)
    result = explain(tables, start=friday(2), end=friday(5), limit=None)
    assert sum(result.rows["points"].to_pylist()) == pytest.approx(result.figures["change"], abs=1e-9)
    assert result.figures["standing"] != 0
    assert result.figures["to_score"] == pytest.approx(influence(seen(world, 5)).figures["score"], abs=1e-7)


def test_two_days_of_one_week_have_the_same_standing() -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, BEN, at=friday(), via="r")
    found = standing_of(seen(world, 9))
    keys = np.array([ANNA, BEN], np.int64)
    monday = end_of_day(as_us(friday(1))) + 3 * 86_400_000_000
    assert found.at(keys, monday).tolist() == found.at(keys, monday + 5 * 86_400_000_000).tolist()


def test_it_is_said_how_far_the_trusted_accounts_can_see() -> None:
    world = World().mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, BEN, at=friday(), via="r")
    world.act("reply", CARLA, DORA, at=friday(), via="s")
    result = standing(seen(world, 1))
    assert (result.figures["accounts_reached"], result.figures["ties_reached"]) == (0.5, 0.5)
    assert any("50% of all accounts can be reached" in str(note) for note in result.notes)


def test_of_one_pair_and_week_no_more_than_fifty_acts_count() -> None:
    world = World().mark(ANNA, "trust", at=long_ago())
    world.act("reply", ANNA, BEN, at=friday(), count=1_000_000_000)
    world.act("reply", ANNA, CARLA, at=friday(), count=25).act("reply", ANNA, DORA, at=friday(), count=50)
    found = tau(world, 1)
    assert found[BEN] == pytest.approx(found[DORA])
    assert found[CARLA] == pytest.approx(found[BEN] / 2)


def test_huge_sums_of_one_pair_are_forgotten_week_by_week() -> None:
    world = World(own=(1,)).mark(ANNA, "trust", at=long_ago())
    world.act("reply", ANNA, BEN, at=friday(), count=1_000_000_000)
    world.act("reply", ANNA, BEN, at=friday(2), count=2**31 - 1).act("reply", ANNA, BEN, at=friday(3))
    world.act("reply", BEN, CARLA, at=friday(20))
    found = standing_of(seen(world, 70))
    keys = np.array([BEN, CARLA], np.int64)
    had = [found.at(keys, as_us(friday(week))).min() > 0 for week in range(50, 60)]
    assert had == [True] * 6 + [False] * 4


def test_a_weight_that_was_rounded_away_beside_a_huge_one_makes_the_graph_anew() -> None:
    weeks, ends = np.array([10, 12, 14], np.int32), np.zeros(3, np.int32)
    world = World().mark(ANNA, "trust", at=long_ago()).mark(BEN, "trust", at=long_ago())
    marks = personal(world.tables(friday()))
    weight = np.array([1e18, 1.0, 1.0])
    made = Community(
        keys=marks.keys,
        source=ends,
        target=ends + np.int32(1),
        weight=weight,
        week=weeks,
        cut=np.zeros(0, np.int64),
        until=np.zeros(0, np.int64),
        marks=marks,
    )
    nobody = np.zeros(2, np.bool_)
    left = [made._of_week(week, nobody).edges for week in range(62, 68)]
    assert left[3:] == [1, 1, 0]


EDGE = st.tuples(
    st.integers(2, 9),
    st.integers(2, 9),
    st.integers(0, 80),
    st.none() | st.integers(0, 80),
    st.integers(1, 9),
)


@FEW
@given(edges=st.lists(EDGE, max_size=40), asked=st.lists(st.integers(1, 140), min_size=1, max_size=5))
def test_in_files_and_week_by_week_it_is_what_the_acts_of_a_year_say(
    edges: list[tuple[int, int, int, int | None, int]],
    asked: list[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first = week_at(as_us(friday()))
    edges = sorted((e for e in edges if e[0] != e[1]), key=lambda e: e[2])
    actor, target, week, gone, weight = zip(*edges, strict=True) if edges else ((),) * 5
    until = [NEVER if g is None else week_start(first + w + g) for w, g in zip(week, gone, strict=True)]
    columns = (actor, target, [first + w for w in week], until, [float(x) for x in weight])
    types = (pa.int64(), pa.int64(), pa.int64(), pa.int64(), pa.float64())
    names = ["actor", "target", "week", "until_us", "weight"]
    rows = pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=names)
    marks = personal(World().mark(ANNA, "trust", at=long_ago()).tables(friday()))
    held = community_of(rows, marks)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(community, "_IN_MEMORY", 0)
        patched.setattr(community, "_AT_ONCE", 3)
        lying = community_of(rows, marks, folder=tmp_path_factory.mktemp("ties"))
        for number in asked:
            then = first + number
            there = [e for e, u in zip(edges, until, strict=True)
                     if then - WEEKS <= first + e[2] < then and week_at(u) + 1 > then]  # fmt: skip
            pairs = np.searchsorted(held.keys, np.array([e[:2] for e in there], np.int64).reshape(-1, 2))
            weights = np.array([float(e[4]) for e in there])
            graph = Graph.of(pairs[:, 0], pairs[:, 1], weights, len(held.keys))
            told = 2 * standing_in(graph, np.searchsorted(held.keys, [ANNA]), alpha=ALPHA, tolerance=1e-13).p
            for found in (held, lying):
                assert found.everybody(week_start(then)).tolist() == pytest.approx(told.tolist(), abs=1e-11)
