"""Made-up graphs for the tests: small, with all that is awkward in them, and the textbook's answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from leumund.graph import Graph

ALPHA = 0.5


@dataclass(frozen=True)
class World:
    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    size: int
    seeds: npt.NDArray[np.int64]

    @property
    def graph(self) -> Graph:
        return Graph.of(self.source, self.target, self.weight, self.size)

    def without(self, edges: npt.NDArray[np.bool_]) -> World:
        return World(self.source[~edges], self.target[~edges], self.weight[~edges], self.size, self.seeds)


def exact(world: World, alpha: float = ALPHA) -> npt.NDArray[np.float64]:
    """The equation solved as a dense system, for worlds small enough."""
    matrix = np.zeros((world.size, world.size))
    np.add.at(matrix, (world.source, world.target), world.weight)
    np.fill_diagonal(matrix, 0)
    seeds = np.zeros(world.size)
    seeds[world.seeds] = 1 / len(np.unique(world.seeds))
    given = matrix.sum(axis=1)
    steps = np.where(given[:, None] > 0, matrix / np.where(given > 0, given, 1)[:, None], seeds)
    return np.linalg.solve(np.eye(world.size) - (1 - alpha) * steps.T, alpha * seeds).astype(np.float64)


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 30, whole: bool = False) -> World:
    """Doubled edges, acts towards oneself, weights of 0, accounts that never act or are never met; some seeds."""
    size = draw(st.integers(1, most))
    accounts = st.integers(0, size - 1)
    weights = st.integers(0, 9).map(float) if whole else st.just(0.0) | st.floats(1e-3, 1e3)
    edges = draw(st.lists(st.tuples(accounts, accounts, weights), max_size=4 * size))
    seeds = draw(st.lists(accounts, min_size=1, max_size=5))
    columns = list(zip(*edges, strict=True)) or [(), (), ()]
    return World(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2], np.float64),
        size, np.array(seeds, np.int64),
    )  # fmt: skip


def made_up(size: int, edges: int, seed: int) -> World:
    """A larger world: few do most, few get most, a third never act, neighbours answer each other."""
    dice = np.random.default_rng(seed)
    active = dice.pareto(1.5, size) * (dice.random(size) > 1 / 3)
    liked = dice.pareto(1.2, size)
    source = dice.choice(size, edges, p=active / active.sum())
    target = dice.choice(size, edges, p=liked / liked.sum())
    near = dice.random(edges) < 0.6
    target[near] = (source[near] + dice.integers(-40, 41, int(near.sum()))) % size
    weight = dice.integers(1, 5, edges).astype(np.float64)
    return World(source, target, weight, size, dice.choice(size, 20, replace=False))
