"""What cannot be bought: a ring has what is lent to it, whatever it does and however large it is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leumund.graph import Graph, lent, reach, standing
from tests.graph.worlds import World, made_up, worlds


@given(worlds(), st.data(), st.sampled_from([0.15, 0.5, 0.9]))
def test_a_ring_has_at_most_what_is_lent_to_it(world: World, data: st.DataObject, alpha: float) -> None:
    members = st.lists(st.integers(0, world.size - 1), max_size=10, unique=True)
    ring = np.setdiff1d(np.array(data.draw(members), np.int64), world.seeds)
    ranks = standing(world.graph, world.seeds, alpha=alpha)
    most = lent(world.graph, ranks, ring) * (1 - alpha) / alpha
    assert ranks.p[ring].sum() <= most + 3 * ranks.error


@given(worlds(), st.integers(1, 12), st.floats(0.1, 1e6))
def test_a_ring_without_edges_from_outside_has_exactly_nothing(
    world: World, members: int, weight: float
) -> None:
    ring = np.arange(members) + world.size
    ends = [(a, b) for a in ring for b in ring] + [(a, b) for a in ring for b in world.seeds]
    source, target = (np.array(e) for e in zip(*ends, strict=True))
    graph = world.graph.plus(source, target, np.full(len(ends), weight), world.size + members)
    ranks = standing(graph, world.seeds)
    assert not ranks.p[ring].any()
    assert lent(graph, ranks, ring) == 0


def test_a_ring_whose_last_lender_went_has_exactly_nothing_even_after_yesterdays_answer() -> None:
    source, target = np.array([0, 1, 2, 3, 0, 1]), np.array([1, 2, 3, 2, 4, 4])
    weight = np.array([1.0, 0.3, 1, 1, 1, 1])
    graph = Graph.of(source, target, weight, 5)
    yesterday = standing(graph, np.array([0]))
    assert yesterday.p[2] > 0
    today = graph.plus(np.array([1, 1]), np.array([2, 2]), np.array([-0.1, -0.2]), 5)
    ranks = standing(today, np.array([0]), start=yesterday.p)
    assert ranks.p[[2, 3]].tolist() == [0, 0]


@given(worlds(), st.integers(2, 5), st.data())
def test_the_pieces_of_a_split_account_together_have_at_most_what_is_lent_to_them(
    world: World, pieces: int, data: st.DataObject
) -> None:
    """One account becomes several: each edge it has goes to one of them, and they act for each other at will."""
    whole = data.draw(st.integers(0, world.size - 1))
    if whole in world.seeds:
        return
    split = np.concatenate(([whole], world.size + np.arange(pieces - 1)))
    draw = st.lists(st.integers(0, pieces - 1), min_size=len(world.source), max_size=len(world.source))
    part = split[np.array(data.draw(draw), np.int64)]
    source = np.where(world.source == whole, part, world.source)
    target = np.where(world.target == whole, part, world.target)
    among = st.lists(st.tuples(st.sampled_from(split.tolist()), st.sampled_from(split.tolist())), max_size=12)
    more = np.array(data.draw(among), np.int64).reshape(-1, 2)
    size = world.size + pieces - 1
    graph = Graph.of(
        np.concatenate((source, more[:, 0])),
        np.concatenate((target, more[:, 1])),
        np.concatenate((world.weight, np.full(len(more), 5.0))),
        size,
    )
    ranks = standing(graph, world.seeds)
    assert ranks.p[split].sum() <= lent(graph, ranks, split) + 3 * ranks.error


@given(worlds())
def test_who_has_standing_is_who_can_be_reached(world: World) -> None:
    seen = reach(world.graph, world.seeds)
    assert (standing(world.graph, world.seeds, tolerance=1e-13).p[~seen.accounts] == 0).all()
    real = (world.weight > 0) & (world.source != world.target)
    pairs = set(zip(world.source[real].tolist(), world.target[real].tolist(), strict=True))
    known = set(world.seeds.tolist())
    while more := {b for a, b in pairs if a in known} - known:
        known |= more
    assert set(np.flatnonzero(seen.accounts).tolist()) == known
    assert (seen.edges, seen.of_edges) == (sum(a in known for a, _ in pairs), len(pairs))


def test_how_far_the_seeds_see_is_a_share_and_unknown_without_anybody() -> None:
    graph = Graph.of(np.array([0, 1, 3]), np.array([1, 2, 4]), np.ones(3), 8)
    seen = reach(graph, np.array([0]))
    assert seen.account_share == 3 / 8
    assert seen.edge_share == 2 / 3
    none = np.zeros(0, np.int64)
    empty = reach(Graph.of(none, none, np.zeros(0), 0), none)
    assert (empty.account_share, empty.edge_share) == (None, None)
    assert reach(graph, none).account_share == 0


def test_a_thousand_accounts_acting_for_each_other_get_what_five_outside_edges_lend() -> None:
    world = made_up(5_000, 60_000, 4)
    dice = np.random.default_rng(5)
    ring = np.arange(1_000) + world.size
    outside = dice.choice(np.setdiff1d(np.arange(world.size), world.seeds), 5, replace=False)
    source = np.concatenate((dice.choice(ring, 30_000), outside))
    target = np.concatenate((dice.choice(ring, 30_000), ring[:5]))
    graph = world.graph.plus(source, target, np.ones(len(source)), world.size + 1_000)
    ranks = standing(graph, world.seeds)
    assert 0 < ranks.p[ring].sum() <= lent(graph, ranks, ring) + ranks.error
    assert np.median(ranks.p[ring]) < np.median(ranks.p[: world.size][ranks.p[: world.size] > 0])
