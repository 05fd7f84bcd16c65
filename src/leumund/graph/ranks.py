"""Standing: where a reader ends up who starts from a seed and follows what people do for each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.errors import UsageError
from leumund.graph.edges import Graph
from leumund.graph.rows import Floats, Matrix, Rows, times
from leumund.locale import _

_UNIT = 2.0**-53  # what one operation may round away of its result
_FLOOR = 2.0**-46  # a change this small is rounding: there is nothing left to gain
_BLOCK = 250_000  # edges; smaller blocks save no steps and cost calls
_MOST_BLOCKS = 32


@dataclass(frozen=True, slots=True)
class Ranks:
    """The answer of `standing`. p: a share for each account, summing to 1, all 0 where there is no seed.

    error: proven to be at least the sum of |p - exact p| over all accounts. It is above the tolerance only
    where that was finer than numbers of this size can be. seeded: there was a seed.
    """

    p: Floats
    steps: int
    error: float
    seeded: bool = True


@dataclass(frozen=True, slots=True)
class _Block:
    """The accounts low to high - 1: the edges towards them, and which of them are seeds, or do nothing."""

    low: int
    high: int
    base: Matrix
    fresh: Rows
    seeds: npt.NDArray[np.intp]
    shares: Floats
    idle: npt.NDArray[np.intp]


def standing(
    graph: Graph,
    seeds: npt.NDArray[Any],
    *,
    alpha: float = 0.5,
    tolerance: float = 1e-8,
    start: Floats | None = None,
) -> Ranks:
    """Seeded PageRank: p = alpha * s + (1 - alpha) * P'p, to the tolerance in the sum of all errors.

    P: the graph, each account's edges divided by all it gave. What stands with an account that gave nothing
    returns to the seeds. An account to which no path leads from a seed has exactly 0.

    Args:
        seeds: numbers of accounts, each counting the same, or a weight (float) for every account.
        alpha: above 0, at most 1. How often a reader starts anew.
        start: an earlier answer for the same seeds; saves steps, the answer is the same to the tolerance.
            Not used where edges were taken away since: what lost its last lender must fall to exactly 0.
    Formula of a step: block after block of accounts, each from what the blocks before it have just become
        (Gauss-Seidel), then scaled to sum 1. With d the sum of changes in a step, the equation is missed by
        at most (1 - alpha) * d, since only the blocks read before they changed are wrong, and P moves mass
        without making any; so the answer is off by at most (1 - alpha) / alpha * d. Scaling adds what it
        changes. What rounding may add is bounded by the number of terms in each sum.
    Raises UsageError for seeds, alpha, tolerance or start that make no sense.
    """
    if not (0 < alpha <= 1 and tolerance > 0):
        raise UsageError(_("alpha must lie above 0 and be at most 1, the tolerance must be above 0."))
    places, shares = seed_shares(seeds, graph.size)
    if not len(places):
        return Ranks(np.zeros(graph.size), 0, 0.0, seeded=False)
    onward = 1 - alpha
    p = _first(graph, places, shares, start)
    hands_on = np.divide(onward, graph.given, out=np.zeros(graph.size), where=graph.given > 0)
    handed = p * hands_on
    blocks = _blocks(graph, places, shares)
    mass = 1.0
    idle = sum(float(p[b.low : b.high][b.idle].sum()) for b in blocks)
    steps, goal = 0, tolerance
    while True:
        returned = alpha * mass + onward * idle  # p is not scaled but its source: the same, and saves a pass
        changed = total = idle = 0.0
        for block in blocks:
            here = slice(block.low, block.high)
            new = times(block.base, handed)
            new[block.fresh.targets] += times(block.fresh.matrix, handed)
            new[block.seeds] += returned * block.shares
            old = p[here]
            old -= new
            changed += float(np.abs(old, out=old).sum())
            total += float(new.sum())
            idle += float(new[block.idle].sum())
            old[:] = new
            np.multiply(new, hands_on[here], out=handed[here])
        steps += 1
        error = onward / alpha * changed / mass + abs(total / mass - 1)
        mass = total
        if error <= max(goal, _FLOOR / alpha):
            rounding = _rounding(graph, p) / (mass * alpha)
            if error + rounding <= tolerance or error <= _FLOOR / alpha:
                p /= mass
                return Ranks(p, steps, error + rounding)
            goal = tolerance - rounding


def lent(graph: Graph, ranks: Ranks, ring: npt.NDArray[Any]) -> float:
    """The mass that flows in one step into the accounts of `ring` from all others.

    Without seeds among them, their standing together is at most lent * (1 - alpha) / alpha, however many they
    are and whatever they do for each other; nothing lent, no standing.
    """
    inside = _mask(ring, graph.size)
    outside = np.where(inside | (graph.given == 0), 0, ranks.p)
    handed = np.divide(outside, graph.given, out=outside, where=graph.given > 0)
    return float(graph.flow(handed)[inside].sum())


def seed_shares(seeds: npt.NDArray[Any], size: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """The accounts that are seeds, in rising order, and their shares, which sum to 1."""
    seeds = np.asarray(seeds)
    if seeds.dtype.kind == "f" and seeds.ndim == 1 and len(seeds):
        if len(seeds) != size or not (seeds.min() >= 0 and seeds.max() < np.inf):
            raise UsageError(_("Weights of seeds need one number for each of the {size} accounts, none below 0.").format(size=size))  # fmt: skip
        places = np.flatnonzero(seeds)
        weights = seeds[places] / seeds.max() if len(places) else seeds[places]
        return places, weights / weights.sum() if len(places) else weights
    places = np.flatnonzero(_mask(seeds, size))
    return places, np.full(len(places), 1 / len(places) if len(places) else 0.0)


def _mask(accounts: npt.NDArray[Any], size: int) -> npt.NDArray[np.bool_]:
    accounts = np.asarray(accounts)
    mask = np.zeros(size, np.bool_)
    if not accounts.size:
        return mask
    if accounts.ndim != 1 or accounts.dtype.kind not in "iu":
        raise UsageError(_("Accounts are given as a list of whole numbers."))
    if not (accounts.min() >= 0 and accounts.max() < size):
        raise UsageError(_("There are only the accounts 0 to {last}.").format(last=size - 1))
    mask[accounts] = True
    return mask


def _first(graph: Graph, places: npt.NDArray[np.intp], shares: Floats, start: Floats | None) -> Floats:
    """Where the steps begin: the earlier answer, with new accounts at 0, or the seeds."""
    if start is not None:
        start = np.asarray(start, dtype=np.float64)
        mass = float(start.sum())
        fits = start.ndim == 1 and len(start) <= graph.size
        if not (fits and start.min(initial=0) >= 0 and mass < np.inf):
            raise UsageError(_("An earlier standing to start from has a number from 0 on for each account."))
        if mass > 0 and not graph.shrunk:
            p = np.zeros(graph.size)
            np.divide(start, mass, out=p[: len(start)])
            return p
    p = np.zeros(graph.size)
    p[places] = shares
    return p


def _blocks(graph: Graph, places: npt.NDArray[np.intp], shares: Floats) -> list[_Block]:
    """The accounts in order, in blocks of about as many edges each."""
    bounds = graph.base.matrix.indptr
    count = min(max(int(bounds[-1]) // _BLOCK, 1), _MOST_BLOCKS)
    cuts = np.searchsorted(bounds, np.linspace(0, bounds[-1], count + 1)[1:-1])
    edges = np.unique(np.concatenate(([0], cuts, [graph.size]))).tolist()
    idle = np.flatnonzero(graph.given == 0)
    blocks = []
    for low, high in pairwise(edges):
        here = slice(*np.searchsorted(places, (low, high)))
        still = slice(*np.searchsorted(idle, (low, high)))
        fresh = graph.fresh.cut(low, high)
        blocks.append(
            _Block(low, high, graph.base.cut(low, high).matrix, fresh, places[here] - low, shares[here], idle[still] - low)
        )  # fmt: skip
    return blocks


def _rounding(graph: Graph, p: Floats) -> float:
    """A bound of what rounding adds to one step: a sum of k positive numbers is off by less than k units.

    The terms of what an account gave are not counted anywhere; they are at most that sum over the lightest
    edge.
    """
    terms = np.minimum(graph.given / graph.lightest, graph.base.matrix.nnz + graph.fresh.matrix.nnz)
    terms += np.diff(graph.base.matrix.indptr)
    terms[graph.fresh.targets] += np.diff(graph.fresh.matrix.indptr)
    terms += 64  # the few products and the sums over accounts, which numpy adds in pairs
    terms *= p
    return _UNIT * float(terms.sum())
