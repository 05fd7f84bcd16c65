"""From what acts are worth to a score: each actor's cap, strangers together, the logarithm, the interval.

    T = sum of tau_a * g(x_a);   X = sum of (1 - min(1, tau_a)) * q_a * g(x_a);   L = T + U(T, X)
    S = min(100, b * ln(1 + L / L0))

Changes are divided here into products of slopes, so that parts add up to the change whatever its size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from leumund.measures.influence.acts import Indices, Numbers
from leumund.measures.influence.gamma import quantile

CALIBRATION = "1"
"""The version of all constants below and of the base values; a change of it is a cause of its own."""
ANCHOR = 0.05  # L0
KAPPA = 0.25  # of T + L0: what all strangers together may add at most
PER_DOUBLING = 8.0
TOP = 100.0
LEAST_N_EFF = 10.0
_B = PER_DOUBLING / math.log(2)
MOST_BY_STRANGERS = _B * math.log1p(KAPPA)
"""Points that any number of people without standing can add at most."""


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


@dataclass(frozen=True, slots=True)
class Mass:
    """Of all actors together. known: T, by their standing; strangers: X, what is left of them."""

    known: float
    strangers: float

    @property
    def admitted(self) -> float:
        """U: what strangers add."""
        return admitted(self.known, self.strangers)

    @property
    def whole(self) -> float:
        """L = T + U."""
        return self.known + self.admitted


def mass(tau: Numbers, quality: Numbers, g: Numbers) -> Mass:
    """T and X of actors with these standings, weights as strangers (q), and capped sums."""
    return Mass(float(np.sum(tau * g)), float(np.sum(stranger(tau) * quality * g)))


def stranger(tau: Numbers) -> Numbers:
    """H = 1 - min(1, tau): how much of somebody is a stranger."""
    return 1.0 - np.minimum(1.0, tau)


def admitted(known: float, strangers: float) -> float:
    """U = kappa * (T + L0) * (1 - exp(-X / (kappa * (T + L0)))): all strangers together, never more than kappa * (T + L0).

    >>> round(admitted(0.0, 1e9), 12), round(admitted(1.95, 1e9), 12), admitted(1.0, 0.0)
    (0.0125, 0.5, 0.0)
    """
    room = KAPPA * (known + ANCHOR)
    return -room * math.expm1(-strangers / room)


def admitted_slopes(before: Mass, after: Mass) -> tuple[float, float]:
    """How U changed per unit of T and per unit of X: U1 - U0 = a * (T1 - T0) + b * (X1 - X0).

    The two-player Shapley split: each of the two as first and as second, in equal parts.
    """
    by_known = (
        _slope_of_known(before.known, after.known, before.strangers)
        + _slope_of_known(before.known, after.known, after.strangers)
    ) / 2
    by_strangers = (
        _slope_of_strangers(before.known, before.strangers, after.strangers)
        + _slope_of_strangers(after.known, before.strangers, after.strangers)
    ) / 2
    return by_known, by_strangers


def _slope_of_strangers(known: float, before: float, after: float) -> float:
    room = KAPPA * (known + ANCHOR)
    step = (after - before) / room
    bent = -math.expm1(-step) / step if step else 1.0
    return math.exp(-before / room) * bent


def _slope_of_known(before: float, after: float, strangers: float) -> float:
    change = after - before
    if abs(change) > 1e-5 * (before + ANCHOR):
        return (admitted(after, strangers) - admitted(before, strangers)) / change
    part = strangers / (KAPPA * ((before + after) / 2 + ANCHOR))  # the slope in the middle: exact to change^3
    return KAPPA * (-math.expm1(-part) - part * math.exp(-part))


def score(whole: float) -> float:
    """S = min(100, 8 / ln 2 * ln(1 + L / .05)).

    >>> round(score(0.05), 12), round(score(0.15), 12), score(1e9)
    (8.0, 16.0, 100.0)
    """
    return min(TOP, _B * math.log1p(whole / ANCHOR))


def scores_of(whole: Numbers) -> Numbers:
    """The same for many."""
    return np.minimum(TOP, _B * np.log1p(whole / ANCHOR))


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
    low, high = np.full(len(total), np.nan), np.full(len(total), np.nan)
    some = np.flatnonzero((total > 0) & (total**2 >= LEAST_N_EFF * squares))
    s, v, w = total[some], squares[some], largest[some]
    below = quantile(s**2 / v, 0.05) * s
    above = quantile((s + w) ** 2 / (v + w**2), 0.95) * (s + w)
    low[some], high[some] = scores_of(below), scores_of(above)
    return low, high
