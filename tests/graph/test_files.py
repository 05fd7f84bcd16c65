"""A graph whose edges lie in files is the one that lies in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.graph import Graph, files, reach, seen, standing
from leumund.graph.files import Piece
from leumund.graph.rows import Rows
from tests.draws import draws
from tests.graph.worlds import World, made_up, worlds

SOME = draws(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graph")


def edges(world: World) -> Piece:
    return world.source.astype(np.int32), world.target.astype(np.int32), world.weight


def cut(world: World, size: int) -> Iterator[Piece]:
    source, target, weight = edges(world)
    for begun in range(0, len(source), size):
        here = slice(begun, begun + size)
        yield source[here], target[here], weight[here]


def real(rows: Rows) -> tuple[list[list[int]], list[float]]:
    """The edges in order, without weights of 0: source and target, and the weights."""
    source, target, weight = rows.edges()
    there = weight != 0
    return np.column_stack([source, target])[there].tolist(), weight[there].tolist()


@SOME
@given(world=worlds(), part=st.integers(1, 9), size=st.integers(1, 9))
def test_rows_from_pieces_are_the_rows_of_all(folder: Path, world: World, part: int, size: int) -> None:
    found = files.rows_of(folder, lambda: cut(world, size), world.size, part=part)
    pairs, weights = real(Graph.of(*edges(world), world.size).base)
    told, weighed = real(found)
    assert told == pairs
    assert weighed == pytest.approx(weights)


@SOME
@given(world=worlds(), more=worlds(), part=st.integers(1, 9))
def test_rows_with_a_few_more_are_the_same(folder: Path, world: World, more: World, part: int) -> None:
    size = max(world.size, more.size)
    rows = Graph.of(*edges(world), size).base
    few = Rows.few(*edges(more), size)
    assert real(files.merged(folder, rows, few, part=part)) == real(rows.merged(few))


@SOME
@given(world=worlds(whole=True), more=worlds(whole=True))
def test_a_graph_in_files_grows_and_shrinks_as_one_in_memory(folder: Path, world: World, more: World) -> None:
    size = max(world.size, more.size)
    lying = Graph.in_files(folder, lambda: cut(world, 3), size)
    held = Graph.of(*edges(world), size)
    source, target, weight = edges(more)
    for added in (weight, -weight):
        lying, held = (graph.plus(source, target, added, size) for graph in (lying, held))
        assert lying.folder == folder
        assert real(lying.merged()) == real(held.merged())
        assert lying.given.tolist() == held.given.tolist()
    ranks = [standing(graph, world.seeds, tolerance=1e-13).p for graph in (lying, held)]
    assert ranks[0].tolist() == pytest.approx(ranks[1].tolist(), abs=1e-12)


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    world = made_up(500, 5_000, 2)
    graph = Graph.in_files(tmp_path, lambda: cut(world, 1_000), world.size)
    graph = graph.plus(*edges(world), world.size)
    assert graph.edges == Graph.of(*edges(world), world.size).edges
    assert os.name != "posix" or not list(tmp_path.iterdir())


def test_what_is_no_edge_is_said(folder: Path) -> None:
    wrong = np.array([3], np.int32), np.array([0], np.int32), np.ones(1)
    with pytest.raises(UsageError, match="names account 3"):
        Graph.in_files(folder, lambda: [wrong], 3)


def test_a_long_chain_is_seen_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    long = seen._PASSES + 50
    graph = Graph.of(np.arange(long), np.arange(1, long + 1), np.ones(long), long + 2)
    found = reach(graph, np.array([0]))
    assert (int(found.accounts.sum()), found.edges) == (long + 1, long)
    monkeypatch.setattr(seen, "_PASSES", 2 * long)
    assert reach(graph, np.array([0])).accounts.tolist() == found.accounts.tolist()
