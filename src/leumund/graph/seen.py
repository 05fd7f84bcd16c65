"""How far the seeds can see: what no path leads to is not small but unknown to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from leumund.graph.edges import Graph
from leumund.graph.ranks import seed_shares


@dataclass(frozen=True, slots=True)
class Reach:
    """accounts: for each whether a path leads there from a seed (seeds too); edges: how many start there."""

    accounts: npt.NDArray[np.bool_]
    edges: int
    of_edges: int

    @property
    def account_share(self) -> float | None:
        """Share of all accounts; None where there are none."""
        return float(self.accounts.mean()) if len(self.accounts) else None

    @property
    def edge_share(self) -> float | None:
        """Share of all edges; None where there are none."""
        return self.edges / self.of_edges if self.of_edges else None


_PASSES = 100
"""So many steps are gone through all edges, which takes no memory; longer chains are searched for."""


def reach(graph: Graph, seeds: npt.NDArray[Any]) -> Reach:
    """What can be reached from the seeds along edges. Raises UsageError for seeds that are none."""
    places, _shares = seed_shares(seeds, graph.size)
    seen = np.zeros(graph.size, np.bool_)
    seen[places] = True
    if not _spread(graph, seen):
        seen = _searched(graph, places)
    return Reach(seen, graph.edges_from(seen), graph.edges)


def _spread(graph: Graph, seen: npt.NDArray[np.bool_]) -> bool:
    """Mark whoever can be reached, one step at a time; gives whether that came to an end."""
    for _step in range(_PASSES):
        new = graph.flow(seen.astype(np.float64)) > 0
        new &= ~seen
        if not new.any():
            return True
        seen |= new
    return False


def _searched(graph: Graph, places: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """The same by a search through all edges in memory."""
    size = graph.size
    onward = graph.merged().matrix.T.tocsr()
    # One more account that knows all seeds: the search has a single start.
    bounds = np.append(onward.indptr, onward.indptr[-1] + len(places)).astype(np.int32)
    targets = np.concatenate((onward.indices, places)).astype(np.int32)
    ones = np.ones(len(targets))
    search = sparse.csr_array((ones, targets, bounds), shape=(size + 1, size + 1))
    found = csgraph.breadth_first_order(search, size, directed=True, return_predecessors=False)
    seen = np.zeros(size + 1, np.bool_)
    seen[found] = True
    return seen[:size]
