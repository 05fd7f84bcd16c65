"""Standing: the answer is the one of independent programs, and its error is what it says."""

from __future__ import annotations

from typing import Any

import igraph
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.graph import Graph, standing
from tests.graph.worlds import World, exact, made_up, worlds

NONE = np.zeros(0, np.int64)


def by_igraph(world: World) -> np.ndarray:
    """PRPACK's answer."""
    real = (world.source != world.target) & (world.weight > 0)
    source, target, weight = world.source[real], world.target[real], world.weight[real]
    seeds = np.unique(world.seeds)
    drawn = igraph.Graph(n=world.size, edges=np.column_stack((source, target)).tolist(), directed=True)
    return np.array(
        drawn.personalized_pagerank(
            damping=0.5, reset_vertices=seeds.tolist(), weights=weight.tolist(), implementation="prpack"
        )
    )


@given(worlds())
def test_the_answer_is_that_of_prpack_and_of_the_dense_equation(world: World) -> None:
    ranks = standing(world.graph, world.seeds)
    assert np.abs(ranks.p - exact(world)).sum() <= 1e-8
    assert np.abs(ranks.p - by_igraph(world)).sum() <= 2e-8


def test_a_large_graph_in_many_blocks_has_the_answer_of_prpack() -> None:
    world = made_up(20_000, 600_000, 1)
    ranks = standing(world.graph, world.seeds)
    assert np.abs(ranks.p - by_igraph(world)).sum() <= 2e-8


@given(worlds(), st.floats(0.05, 1), st.sampled_from([1e-3, 1e-6, 1e-10]))
def test_the_error_is_never_larger_than_said_nor_than_asked_for(
    world: World, alpha: float, tolerance: float
) -> None:
    ranks = standing(world.graph, world.seeds, alpha=alpha, tolerance=tolerance)
    assert np.abs(ranks.p - exact(world, alpha)).sum() <= ranks.error + 1e-14
    assert ranks.error <= tolerance


@given(worlds())
def test_a_tolerance_finer_than_numbers_are_ends_and_says_what_was_reached(world: World) -> None:
    ranks = standing(world.graph, world.seeds, tolerance=1e-300)
    assert 1e-300 < ranks.error < 1e-11
    assert np.abs(ranks.p - exact(world)).sum() <= ranks.error + 1e-14


@given(worlds())
def test_the_mass_is_one_and_nobody_has_less_than_nothing(world: World) -> None:
    p = standing(world.graph, world.seeds).p
    assert abs(p.sum() - 1) < 1e-12
    assert (p >= 0).all()


@given(worlds())
def test_the_order_of_arrival_changes_nothing(world: World) -> None:
    order = np.random.default_rng(1).permutation(len(world.source))
    graph = Graph.of(world.source[order], world.target[order], world.weight[order], world.size)
    again = standing(graph, world.seeds[::-1].copy())
    assert np.abs(standing(world.graph, world.seeds).p - again.p).max() <= 1e-12


@given(worlds(), worlds())
def test_starting_from_any_earlier_answer_gives_the_same(world: World, other: World) -> None:
    start = standing(other.graph, other.seeds).p[: world.size]
    warm = standing(world.graph, world.seeds, start=start)
    assert np.abs(warm.p - exact(world)).sum() <= warm.error <= 1e-8


def test_yesterdays_answer_saves_steps() -> None:
    world = made_up(20_000, 600_000, 2)
    old = np.zeros(600_000, np.bool_)
    old[:3_000] = True
    yesterday = standing(world.without(old).graph, world.seeds)
    cold, warm = (standing(world.graph, world.seeds, start=start) for start in (None, yesterday.p))
    assert warm.steps < cold.steps
    assert np.abs(warm.p - cold.p).sum() <= 2e-8


@given(worlds())
def test_seeds_by_weight_are_seeds_by_number_where_the_weights_are_equal(world: World) -> None:
    weights = np.zeros(world.size)
    weights[world.seeds] = 7e200
    by_weight = standing(world.graph, weights).p
    assert np.abs(by_weight - standing(world.graph, world.seeds).p).max() <= 1e-15


def test_two_seeds_of_different_weight_share_what_starts_anew() -> None:
    ranks = standing(Graph.of(NONE, NONE, np.zeros(0), 3), np.array([3.0, 0.0, 1.0]))
    assert ranks.p.tolist() == pytest.approx([0.75, 0, 0.25], abs=1e-12)


def test_without_seeds_there_is_no_standing_and_it_is_said() -> None:
    graph = made_up(50, 200, 3).graph
    for nobody in (NONE, np.zeros(50)):
        ranks = standing(graph, nobody)
        assert not ranks.seeded
        assert not ranks.p.any()
        assert (ranks.steps, ranks.error) == (0, 0.0)


def test_nobody_at_all_is_no_error() -> None:
    ranks = standing(Graph.of(NONE, NONE, np.zeros(0), 0), NONE)
    assert len(ranks.p) == 0
    assert not ranks.seeded


def test_on_paper_a_chain_of_two_halves_at_every_step() -> None:
    graph = Graph.of(np.array([0, 1]), np.array([1, 0]), np.array([2.0, 5.0]), 2)
    assert standing(graph, np.array([0])).p.tolist() == pytest.approx([2 / 3, 1 / 3], abs=1e-8)


@settings(max_examples=25)
@given(worlds(), st.sampled_from([1e-90, 1e-30, 1e30, 1e90]))
def test_the_unit_of_the_weights_does_not_matter(world: World, unit: float) -> None:
    graph = Graph.of(world.source, world.target, world.weight * unit, world.size)
    assert np.abs(standing(graph, world.seeds).p - exact(world)).sum() <= 1e-8


@pytest.mark.parametrize(
    ("seeds", "options"),
    [
        (np.array([5]), {}),
        (np.array([-1]), {}),
        (np.array(["0"]), {}),
        (np.array([[0]]), {}),
        (np.array([1.0, 2.0]), {}),
        (np.array([1.0, -1.0, 0.0]), {}),
        (np.array([1.0, np.nan, 0.0]), {}),
        (np.array([1.0, np.inf, 0.0]), {}),
        (np.array([0]), {"alpha": 0.0}),
        (np.array([0]), {"alpha": 1.1}),
        (np.array([0]), {"alpha": float("nan")}),
        (np.array([0]), {"tolerance": 0.0}),
        (np.array([0]), {"tolerance": float("nan")}),
        (np.array([0]), {"start": np.zeros(4)}),
        (np.array([0]), {"start": np.array([1.0, -1.0])}),
        (np.array([0]), {"start": np.array([np.nan])}),
        (np.array([0]), {"start": np.array([np.inf])}),
    ],
)
def test_what_makes_no_sense_is_said(seeds: np.ndarray, options: dict[str, Any]) -> None:
    graph = Graph.of(np.array([0, 1]), np.array([1, 2]), np.array([1.0, 1.0]), 3)
    with pytest.raises(UsageError):
        standing(graph, seeds, **options)
