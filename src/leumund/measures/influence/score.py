"""From acts to a score: fading, each actor's cap, the logarithm, the interval; vectors over all actors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from leumund.measures.days import DAY_US
from leumund.measures.influence.acts import Indices, Numbers

_RATES = (math.log(2) / 3, math.log(2) / 60)  # per day: half-lives of 3 and of 60 days
_SHARES = (0.6 * _RATES[0], 0.4 * _RATES[1])  # each part of K integrates to its share of 1
ANCHOR = 0.05  # L0
PER_DOUBLING = 8.0
_B = PER_DOUBLING / math.log(2)
TOP = 100.0
LEAST_N_EFF = 10.0


@dataclass(slots=True)
class Fading:
    """What acts are worth at a moment, by stream, as the two parts of K; it can only go forward.

        K(age) = .6 * l1 * exp(-l1 * age) + .4 * l2 * exp(-l2 * age),  age in days

    Both parts fade by a factor per day, so a day costs one multiplication per stream, not one per act.
    """

    fast: Numbers
    slow: Numbers
    at_us: int

    def worth(self) -> Numbers:
        return self.fast + self.slow

    def forward(self, to_us: int) -> None:
        """Let time pass."""
        days = (to_us - self.at_us) / DAY_US
        self.fast = self.fast * math.exp(-_RATES[0] * days)
        self.slow = self.slow * math.exp(-_RATES[1] * days)
        self.at_us = to_us

    def add(self, at_us: Indices, worth: Numbers, stream: Indices) -> Numbers:
        """Let acts of the past come in; gives what they are worth now, by stream."""
        age = (self.at_us - at_us) / DAY_US
        size = len(self.fast)
        fast = sums(stream, worth * _SHARES[0] * np.exp(-_RATES[0] * age), size)
        slow = sums(stream, worth * _SHARES[1] * np.exp(-_RATES[1] * age), size)
        self.fast = self.fast + fast
        self.slow = self.slow + slow
        return fast + slow


def sums(group: Indices, values: Numbers, size: int) -> Numbers:
    """The sum of the values of each group from 0 to size - 1."""
    return np.asarray(np.bincount(group, values, size), np.float64)


def capped(x: Numbers) -> Numbers:
    """g(x) = 1 - exp(-x): however much one actor does, she counts as less than 1."""
    return -np.expm1(-x)


def secant(x: Numbers, d: Numbers) -> Numbers:
    """(g(x + d) - g(x)) / d, and g'(x) where d is 0; stable for small d, finite for any x >= 0, x + d >= 0."""
    small = np.clip(d, -1.0, 1.0)
    bent = np.divide(-np.expm1(-small), small, out=np.ones_like(d), where=small != 0)
    start = np.exp(-x)
    found: Numbers = start * bent
    np.divide(start - np.exp(-np.maximum(x + d, 0.0)), d, out=found, where=np.abs(d) > 1)
    return found


def score(mass: float) -> float:
    """S = min(100, 8 / ln 2 * ln(1 + L / .05)).

    >>> round(score(0.05), 12), round(score(0.15), 12), score(1e9)
    (8.0, 16.0, 100.0)
    """
    return min(TOP, _B * math.log1p(mass / ANCHOR))


def slope(before: float, after: float) -> float:
    """(S(after) - S(before)) / (after - before), and S' where they are equal; stable for small changes."""
    change = after - before
    if max(score(before), score(after)) >= TOP:
        return (score(after) - score(before)) / change if change else 0.0
    if not change:
        return _B / (ANCHOR + before)
    return _B * math.log1p(change / (ANCHOR + before)) / change


def interval(total: Numbers, squares: Numbers, largest: Numbers) -> tuple[Numbers, Numbers]:
    """The 90 % interval of scores from sum, sum of squares and maximum of the actors' contributions.

    Gamma interval for a sum of weighted counts; NaN where fewer than ten actors' worth stand behind it
    (n_eff = sum^2 / squares).
    Source: M. P. Fay, E. J. Feuer, Statistics in Medicine 16 (1997) 791-801.
    """
    from scipy.special import gammaincinv

    low, high = np.full(len(total), np.nan), np.full(len(total), np.nan)
    some = (total > 0) & (total**2 >= LEAST_N_EFF * squares)
    s, v, w = total[some], squares[some], largest[some]
    below = gammaincinv(s**2 / v, 0.05) * v / s
    above = gammaincinv((s + w) ** 2 / (v + w**2), 0.95) * (v + w**2) / (s + w)
    low[some] = np.minimum(TOP, _B * np.log1p(below / ANCHOR))
    high[some] = np.minimum(TOP, _B * np.log1p(above / ANCHOR))
    return low, high
