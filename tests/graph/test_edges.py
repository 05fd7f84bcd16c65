"""The graph: a day's edges give the same graph as all edges at once, and what is no graph is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.graph import Graph, standing
from tests.graph.worlds import World, made_up, worlds


def dense(graph: Graph) -> np.ndarray:
    full = np.zeros((graph.size, graph.size))
    for layer in (graph.base, graph.fresh):
        source, target, weight = layer.edges()
        np.add.at(full, (source, target), weight)
    return full


@given(worlds(), worlds())
def test_the_edges_of_a_day_added_are_all_edges_at_once(first: World, day: World) -> None:
    size = max(first.size, day.size)
    grown = first.graph.plus(day.source, day.target, day.weight, size)
    at_once = Graph.of(
        np.concatenate((first.source, day.source)),
        np.concatenate((first.target, day.target)),
        np.concatenate((first.weight, day.weight)),
        size,
    )
    assert np.allclose(dense(grown), dense(at_once), rtol=1e-14, atol=0)
    assert np.allclose(grown.given, at_once.given, rtol=1e-13, atol=0)
    assert grown.edges == at_once.edges == np.count_nonzero(dense(at_once))
    ours, theirs = standing(grown, day.seeds), standing(at_once, day.seeds)
    assert np.abs(ours.p - theirs.p).sum() <= 1e-12 + ours.error + theirs.error


@given(worlds(whole=True), st.data())
def test_what_was_added_and_taken_away_again_was_never_there(world: World, data: st.DataObject) -> None:
    away = np.array(data.draw(st.lists(st.booleans(), min_size=len(world.source), max_size=len(world.source))), np.bool_)  # fmt: skip
    early = np.array(data.draw(st.lists(st.booleans(), min_size=len(world.source), max_size=len(world.source))), np.bool_)  # fmt: skip
    graph = world.without(~early).graph
    rest = world.without(early)
    graph = graph.plus(rest.source, rest.target, rest.weight, world.size)
    graph = graph.plus(world.source[away], world.target[away], -world.weight[away], world.size)
    left = world.without(away).graph
    assert (dense(graph) == dense(left)).all()
    assert (graph.given == left.given).all()
    assert graph.edges == left.edges
    assert np.abs(standing(graph, world.seeds).p - standing(left, world.seeds).p).sum() <= 2e-8


def test_what_rounding_leaves_of_an_edge_taken_away_is_nothing() -> None:
    graph = Graph.of(np.array([0, 0]), np.array([1, 2]), np.array([0.3, 1.0]), 3)
    for _ in range(3):
        graph = graph.plus(np.array([0]), np.array([1]), np.array([-0.1]), 3)
    assert graph.edges == 1
    assert graph.given.tolist() == [1, 0, 0]


@pytest.mark.parametrize(("source", "target", "taken"), [(0, 1, 2.5), (1, 0, 0.1), (2, 1, 0.1)])
def test_no_more_can_be_taken_away_than_there_is(source: int, target: int, taken: float) -> None:
    graph = Graph.of(np.array([0]), np.array([1]), np.array([2.0]), 3)
    with pytest.raises(UsageError, match=f"{source} to {target}"):
        graph.plus(np.array([source]), np.array([target]), np.array([-taken]), 3)


def test_a_day_leaves_the_base_where_it_is_until_the_days_are_many() -> None:
    world = made_up(2_000, 40_000, 6)
    graph = world.graph
    day = made_up(2_000, 400, 7)
    grown = graph.plus(day.source, day.target, day.weight, 2_100)
    assert np.shares_memory(grown.base.matrix.data, graph.base.matrix.data)
    assert grown.fresh.matrix.nnz > 0
    for seed in range(30):
        day = made_up(2_000, 400, 8 + seed)
        grown = grown.plus(day.source, day.target, day.weight, 2_100)
        assert grown.fresh.matrix.nnz <= grown.base.matrix.nnz / 8
    assert not np.shares_memory(grown.base.matrix.data, graph.base.matrix.data)
    assert graph.edges == world.graph.edges  # the graph of the first day is as it was


@given(worlds(), worlds())
def test_a_graph_kept_as_arrays_comes_back(first: World, day: World) -> None:
    graph = first.graph.plus(day.source, day.target, day.weight, max(first.size, day.size))
    again = Graph.from_arrays(graph.to_arrays())
    assert (dense(again) == dense(graph)).all()
    assert (again.size, again.edges, again.shrunk) == (graph.size, graph.edges, graph.shrunk)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bounds", None),
        ("bounds", np.array([0, 1, 99], np.int32)),
        ("bounds", np.array([0, 2, 1, 3], np.int32)),
        ("bounds", np.array([0, 1, 2, 3])),
        ("bounds", np.zeros(0, np.int32)),
        ("sources", np.array([1, 2, 7], np.int32)),
        ("sources", np.array([1, 2, -1], np.int32)),
        ("sources", np.array([1, 2], np.int32)),
        ("sources", np.array([2, 1, 0], np.int32)),
        ("weights", np.array([1.0, np.nan, 1.0])),
        ("weights", np.array([1.0, np.inf, 1.0])),
        ("weights", np.array([1.0, -1.0, 1.0])),
        ("weights", np.array([1.0, 1e-200, 1.0])),
        ("fresh_targets", np.array([9], np.int32)),
        ("fresh_bounds", np.array([0, 5], np.int32)),
        ("shrunk", np.array([])),
    ],
)
def test_damaged_arrays_are_refused_and_never_read(name: str, value: np.ndarray | None) -> None:
    graph = Graph.of(np.array([1, 2, 0]), np.array([0, 0, 2]), np.ones(3), 3)
    arrays = graph.to_arrays()
    if value is None:
        del arrays[name]
    else:
        arrays[name] = value
    with pytest.raises(UsageError, match="damaged"):
        Graph.from_arrays(arrays)


@pytest.mark.parametrize(
    ("source", "target", "weight", "size", "said"),
    [
        ([0, 3], [1, 1], [1.0, 1.0], 3, "account 3"),
        ([0, -1], [1, 1], [1.0, 1.0], 3, "account -1"),
        ([0, 2**40], [1, 1], [1.0, 1.0], 3, "account 1099511627776"),
        ([0, 1], [1], [1.0, 1.0], 3, "do not fit"),
        ([[0]], [[1]], [[1.0]], 3, "do not fit"),
        ([0.5], [1], [1.0], 3, "whole numbers"),
        ([0], [1], ["x"], 3, "must be numbers"),
        ([0], [1], [-1.0], 3, "below 0"),
        ([0], [1], [np.nan], 3, "not a number"),
        ([0, 0], [1, 2], [np.nan, 1.0], 3, "not a number"),
        ([0], [1], [np.inf], 3, "too large"),
        ([0], [1], [1e150], 3, "too large"),
        ([0], [1], [1e-150], 3, "too close to 0"),
        ([0], [1], [1.0], -1, "not -1"),
        ([0], [1], [1.0], 2**31, "not 2147483648"),
    ],
)
def test_what_is_no_graph_is_said(
    source: list[Any], target: list[Any], weight: list[Any], size: int, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Graph.of(np.array(source), np.array(target), np.array(weight), size)


def test_accounts_do_not_become_fewer() -> None:
    none = np.zeros(0, np.int64)
    with pytest.raises(UsageError, match="5 accounts"):
        Graph.of(none, none, np.zeros(0), 5).plus(none, none, np.zeros(0), 4)


def test_the_arrays_given_are_not_changed() -> None:
    source, target, weight = np.array([0, 1, 1]), np.array([1, 1, 0]), np.array([1.0, 2.0, 3.0])
    graph = Graph.of(source, target, weight, 2)
    assert (source.tolist(), target.tolist(), weight.tolist()) == ([0, 1, 1], [1, 1, 0], [1, 2, 3])
    assert graph.edges == 2
