"""How well an order agrees with another, and how sure that is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

LEVEL = 0.9
LEAST_PERSONS = 10  # with fewer there is too little to draw from
_DRAWS = 2_000
_FEWEST_DRAWS = 200
_MOST_WORK = 300_000_000


def auc(score: Numbers, first: Flags) -> float:
    """How often a pair in which the first was chosen has a larger score than one in which she was not; ties half.

    NaN where all were chosen alike.

    >>> auc(np.array([1.0, 2.0, 3.0]), np.array([False, True, True]))
    1.0
    """
    return _Order.of(score, first).auc(np.ones(len(score)))


class _Order:
    """A score in order, so that drawing rows again costs no sorting."""

    def __init__(self, order: Indices, starts: Indices, first: Numbers) -> None:
        self.order, self.starts, self.first = order, starts, first

    @classmethod
    def of(cls, score: Numbers, first: Flags) -> _Order:
        order = np.argsort(score, kind="stable")
        ordered = score[order]
        starts = np.concatenate(
            [np.zeros(min(1, len(score)), np.int64), np.flatnonzero(np.diff(ordered)) + 1]
        )
        return cls(order, starts, first[order].astype(np.float64))

    def auc(self, weight: Numbers) -> float:
        if not len(self.order):
            return float("nan")
        w = weight[self.order]
        chosen = w * self.first
        ones = np.add.reduceat(chosen, self.starts)
        others = np.add.reduceat(w - chosen, self.starts)
        total = float(ones.sum() * others.sum())
        below = np.cumsum(others) - others / 2
        return float((ones * below).sum() / total) if total else float("nan")


def aucs_drawn(
    scores: list[Numbers], first: Flags, persons: tuple[Indices, Indices], size: int, *, seed: int = 1
) -> npt.NDArray[np.float64] | None:
    """The AUC of each score, drawn again and again by person; None where fewer than ten persons are there.

    persons: who is the first and who the second of each pair, as numbers from 0 to size - 1. A person is drawn with
    replacement; a pair counts as often as the first was drawn times as often as the second. One person stands in many
    pairs, so drawing pairs would show too narrow an interval. The draws of all scores are the same ones, so that
    their differences may be taken draw by draw.
    """
    if size < LEAST_PERSONS:
        return None
    orders = [_Order.of(score, first) for score in scores]
    draws = int(np.clip(_MOST_WORK // max(1, len(first) * len(scores)), _FEWEST_DRAWS, _DRAWS))
    dice = np.random.default_rng(seed)
    found = np.full((draws, len(scores)), np.nan)
    for draw in range(draws):
        times = np.bincount(dice.integers(0, size, size), minlength=size).astype(np.float64)
        weight = times[persons[0]] * times[persons[1]]
        found[draw] = [order.auc(weight) for order in orders]
    return found


def halves_ahead(
    scores: tuple[Numbers, Numbers],
    first: Flags,
    persons: tuple[Indices, Indices],
    size: int,
    *,
    seed: int = 1,
) -> float | None:
    """In what share of random halves of the persons the first score has the larger AUC; ties half."""
    if size < 2 * LEAST_PERSONS:
        return None
    ours, theirs = (_Order.of(score, first) for score in scores)
    dice = np.random.default_rng(seed)
    ahead = []
    for _draw in range(_FEWEST_DRAWS):
        half = dice.permutation(size) < size // 2
        weight = (half[persons[0]] & half[persons[1]]).astype(np.float64)
        difference = ours.auc(weight) - theirs.auc(weight)
        if not np.isnan(difference):
            ahead.append((np.sign(difference) + 1) / 2)
    return float(np.mean(ahead)) if ahead else None


def middle(values: Numbers) -> tuple[float, float] | None:
    """The middle 90 % of drawn values; None where there are none."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def spearman(x: Numbers, y: Numbers) -> float | None:
    """The correlation of two orders, ties at their mean place; None where one of them is all the same.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 40.0]))
    1.0
    """
    from scipy.stats import rankdata

    if len(x) < 2:
        return None
    a, b = rankdata(x), rankdata(y)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return round(float(a @ b) / size, 12) if size else None
